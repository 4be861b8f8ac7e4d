package dev.switchboard.dns;

import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;

import static org.assertj.core.api.Assertions.assertThat;

class IndexRecordTests {

	private static TXTRecord text(String text) throws Exception {
		return new TXTRecord(Name.fromString("_switchboard.example.com."), DClass.IN, 30, text);
	}

	@Test
	void shouldReadWhatItWrites() throws Exception {
		PoolEntry entry = TestZone.entry(TestIds.node(), "192.0.2.1", "2001:db8::1");
		String written = IndexRecord.write(entry);
		assertThat(written).isEqualTo("node=" + entry.node() + " addresses=192.0.2.1,2001:db8::1");
		assertThat(IndexRecord.read(text(written))).contains(entry);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "v=spf1 -all", "node=x addresses=192.0.2.1",
			"node=00000000-0000-4000-8000-000000000000 addresses=host",
			"node=zzzzzzzz-0000-4000-8000-000000000000 addresses=192.0.2.1" })
	void shouldLeaveOutWhatNoNodeHasWritten(String text) throws Exception {
		assertThat(IndexRecord.read(text(text))).isEmpty();
	}

}
