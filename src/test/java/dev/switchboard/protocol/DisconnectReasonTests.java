package dev.switchboard.protocol;

import dev.switchboard.protocol.DisconnectReason.Reconnect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DisconnectReasonTests {

	@ParameterizedTest
	@CsvSource({ "1001,JITTER", "1012,JITTER", "1013,JITTER", "1002,BACKOFF", "1007,BACKOFF", "1009,BACKOFF",
			"4000,JITTER", "4004,JITTER", "4001,BACKOFF", "4002,BACKOFF", "4003,FRESH_TOKEN", "4500,ONCE_A_DAY",
			"4501,UNLESS_OURS", "4502,TEN_MINUTES", "4503,LONG_BACKOFF", "1006,JITTER", "1000,JITTER", "4999,JITTER" })
	void shouldSayWhatAnAgentDoesAfterEachCode(int code, Reconnect reconnect) {
		assertThat(DisconnectReason.reconnectAfter(code)).isEqualTo(reconnect);
	}

	@Test
	void shouldFitEveryTextIntoACloseFrame() {
		assertThat(DisconnectReason.values()).allSatisfy((reason) -> {
			assertThat(reason.text()).isNotBlank().hasSizeLessThanOrEqualTo(123);
			assertThat(DisconnectReason.reconnectAfter(reason.code())).isEqualTo(reason.reconnect());
		});
	}

}
