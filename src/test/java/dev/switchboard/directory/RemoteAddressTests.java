package dev.switchboard.directory;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RemoteAddressTests {

	@Test
	void shouldTakeHostAndPortApart() {
		assertThat(RemoteAddress.parse("192.0.2.1:50123")).isEqualTo(new RemoteAddress("192.0.2.1", 50123));
		assertThat(RemoteAddress.parse("2001:db8:0:0:0:0:0:1:50123"))
			.isEqualTo(new RemoteAddress("2001:db8:0:0:0:0:0:1", 50123));
	}

	@Test
	void shouldTakeAHostAlone() {
		assertThat(RemoteAddress.parse("192.0.2.1")).isEqualTo(new RemoteAddress("192.0.2.1", null));
		assertThat(RemoteAddress.parse(null)).isNull();
	}

	@Test
	void shouldPutThemTogetherAgain() {
		assertThat(new RemoteAddress("192.0.2.1", 50123)).hasToString("192.0.2.1:50123");
		assertThat(new RemoteAddress("192.0.2.1", null)).hasToString("192.0.2.1");
	}

}
