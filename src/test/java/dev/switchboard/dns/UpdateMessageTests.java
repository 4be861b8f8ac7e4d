package dev.switchboard.dns;

import java.util.List;

import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

import static org.assertj.core.api.Assertions.assertThat;

class UpdateMessageTests {

	private final NodeId node = TestIds.node();

	private final PoolEntry entry = TestZone.entry(this.node, "192.0.2.1", "2001:db8::1");

	private final UpdateMessage messages = new UpdateMessage(Name.fromConstantString("example.com."),
			new PoolName("agents.example.com"), 30);

	private TXTRecord index(PoolEntry of) {
		return new TXTRecord(this.messages.index(), DClass.IN, 30, IndexRecord.write(of));
	}

	private static List<String> records(Update update, int section) {
		return update.getSection(section).stream().map(UpdateMessageTests::text).toList();
	}

	private static String text(Record record) {
		return record.getName() + " " + DClass.string(record.getDClass()) + " " + Type.string(record.getType()) + " "
				+ record.rdataToString();
	}

	@Test
	void shouldAddAddressesUnderBothNamesAndTheIndexWithoutACondition() {
		Update update = this.messages.of(new PoolChange(List.of(), List.of(this.entry)), List.of(), List.of());
		String own = this.node + ".agents.example.com.";
		assertThat(records(update, Section.PREREQ)).isEmpty();
		assertThat(records(update, Section.UPDATE)).containsExactlyInAnyOrder("agents.example.com. IN A 192.0.2.1",
				own + " IN A 192.0.2.1", "agents.example.com. IN AAAA 2001:db8:0:0:0:0:0:1",
				own + " IN AAAA 2001:db8:0:0:0:0:0:1",
				"_switchboard.agents.example.com. IN TXT \"node=" + this.node + " addresses=192.0.2.1,2001:db8::1\"");
	}

	@Test
	void shouldRemoveOnlyIfTheIndexIsAsItWasRead() {
		PoolEntry other = TestZone.entry(TestIds.node(), "192.0.2.1");
		List<TXTRecord> index = List.of(index(this.entry), index(other));
		Update update = this.messages.of(new PoolChange(List.of(this.entry), List.of()), index,
				List.of(this.entry, other));
		assertThat(update.getSection(Section.PREREQ)).extracting(Record::rdataToString)
			.containsExactlyInAnyOrderElementsOf(index.stream().map(Record::rdataToString).toList());
		assertThat(update.getSection(Section.PREREQ)).extracting(Record::getTTL).containsOnly(0L);
	}

	@Test
	void shouldLeaveAnAddressThatAnotherNodeHas() {
		PoolEntry other = TestZone.entry(TestIds.node(), "192.0.2.1");
		Update update = this.messages.of(new PoolChange(List.of(this.entry), List.of()),
				List.of(index(this.entry), index(other)), List.of(this.entry, other));
		assertThat(records(update, Section.UPDATE))
			.noneMatch((record) -> record.startsWith("agents.example.com. NONE A "))
			.anyMatch((record) -> record.startsWith("agents.example.com. NONE AAAA "))
			.anyMatch((record) -> record.startsWith(this.node + ".agents.example.com. ANY ANY"));
	}

}
