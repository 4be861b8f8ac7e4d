package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.switchboard.handshake.Sources.address;
import static org.assertj.core.api.Assertions.assertThat;

class SourceAdmissionTests {

	private final ManualTime time = new ManualTime();

	private final SourceAdmission sources = Sources.admission(List.of("10.0.0.0/8"), this.time);

	@Test
	void shouldLetABurstOfFailuresPassAndNoMore() {
		fail("192.0.2.1", Sources.BURST - 1);
		assertThat(this.sources.isOver(address("192.0.2.1"))).isFalse();
		fail("192.0.2.1", 1);
		assertThat(this.sources.isOver(address("192.0.2.1"))).isTrue();
	}

	@Test
	void shouldTakeASourceAgainAtItsRate() {
		fail("192.0.2.1", Sources.BURST);
		this.time.advance(Duration.ofSeconds(1));
		fail("192.0.2.1", Sources.RATE - 1);
		assertThat(this.sources.isOver(address("192.0.2.1"))).isFalse();
		fail("192.0.2.1", 1);
		assertThat(this.sources.isOver(address("192.0.2.1"))).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "192.0.2.1, 192.0.2.254, true", "192.0.2.1, 192.0.3.1, false",
			"2001:db8:0:1::1, 2001:db8:0:ff:9::9, true", "2001:db8:0:1::1, 2001:db8:0:100::1, false",
			"::1, 0.0.0.1, false" })
	void shouldCountTheFailuresOfANetworkTogether(String failing, String other, boolean same) {
		fail(failing, Sources.BURST);
		assertThat(this.sources.isOver(address(other))).isEqualTo(same);
	}

	@Test
	void shouldBlameNoTrustedProxy() {
		fail("10.1.2.3", 10 * Sources.BURST);
		assertThat(this.sources.isOver(address("10.1.2.3"))).isFalse();
	}

	@Test
	void shouldBlameNobodyForAConnectionWithoutAnAddress() {
		for (int i = 0; i < 10 * Sources.BURST; i++) {
			this.sources.failed(null);
			this.sources.failed(InetSocketAddress.createUnresolved("192.0.2.1", 1));
		}
		assertThat(this.sources.isOver(null)).isFalse();
		assertThat(this.sources.isOver(address("192.0.2.1"))).isFalse();
	}

	@Test
	void shouldLetOthersInWhileManySourcesFail() {
		for (int i = 0; i < 2000; i++) {
			fail("198." + i / 256 + "." + i % 256 + ".1", Sources.BURST);
		}
		long over = IntStream.range(0, 2000)
			.filter((i) -> this.sources.isOver(address("203." + i / 256 + "." + i % 256 + ".1")))
			.count();
		assertThat(over).isLessThan(20);
	}

	private void fail(String from, int times) {
		for (int i = 0; i < times; i++) {
			this.sources.failed(address(from));
		}
	}

}
