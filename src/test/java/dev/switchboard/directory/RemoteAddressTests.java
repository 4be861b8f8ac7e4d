package dev.switchboard.directory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RemoteAddressTests {

	@Test
	void shouldTakeHostAndPortApart() {
		assertThat(RemoteAddress.parse("192.0.2.1:50123")).isEqualTo(new RemoteAddress("192.0.2.1", 50123));
		assertThat(RemoteAddress.parse("[2001:db8::1]:50123")).isEqualTo(new RemoteAddress("2001:db8::1", 50123));
	}

	@Test
	void shouldTakeAHostAlone() {
		assertThat(RemoteAddress.parse("192.0.2.1")).isEqualTo(new RemoteAddress("192.0.2.1", null));
		assertThat(RemoteAddress.parse("2001:db8::1")).isEqualTo(new RemoteAddress("2001:db8::1", null));
		assertThat(RemoteAddress.parse("[2001:db8::1]")).isEqualTo(new RemoteAddress("2001:db8::1", null));
		assertThat(RemoteAddress.parse(null)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "192.0.2.1:50123", "192.0.2.1", "[2001:db8::1]:50123", "[2001:db8::1]", "[::]:1" })
	void shouldPutThemTogetherAgain(String text) {
		assertThat(RemoteAddress.parse(text)).hasToString(text);
	}

	@Test
	void shouldCompressWhatAnOlderVersionStored() {
		assertThat(new RemoteAddress("2001:db8:0:0:0:0:0:1", 50123)).hasToString("[2001:db8::1]:50123");
	}

}
