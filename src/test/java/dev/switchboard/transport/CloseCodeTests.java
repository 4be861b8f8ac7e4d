package dev.switchboard.transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.web.reactive.socket.CloseStatus;

import static dev.switchboard.transport.ClientFrames.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for {@link CloseCode}. */
class CloseCodeTests {

	@Test
	void shouldReadWhatItWrites() {
		CloseStatus status = new CloseStatus(4501, "superseded \u20AC");
		assertThat(CloseCode.read(CloseCode.write(status))).isEqualTo(status);
		assertThat(CloseCode.read(CloseCode.write(CloseStatus.NORMAL))).isEqualTo(CloseStatus.NORMAL);
	}

	@Test
	void shouldReadNothingAsNoStatus() {
		assertThat(CloseCode.read(new byte[0])).isEqualTo(CloseStatus.NO_STATUS_CODE);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535 })
	void shouldRefuseCodesThatMustNotBeSent(int code) {
		assertViolation(bytes(code >> 8, code), 1002);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1003, 1007, 1014, 3000, 3999, 4000, 4999 })
	void shouldTakeOtherCodes(int code) {
		assertThat(CloseCode.read(bytes(code >> 8, code)).getCode()).isEqualTo(code);
	}

	@Test
	void shouldRefuseHalfACode() {
		assertViolation(bytes(3), 1002);
	}

	@Test
	void shouldRefuseAReasonThatIsNotUtf8() {
		assertViolation(bytes(3, 232, 0xFF), 1007);
		assertViolation(bytes(3, 232, 0xE2, 0x82), 1007);
	}

	@Test
	void shouldNeverWriteACodeThatMustNotBeSent() {
		assertThat(CloseCode.write(CloseStatus.NO_STATUS_CODE)).isEmpty();
		assertThat(CloseCode.write(CloseStatus.NO_CLOSE_FRAME)).isEmpty();
	}

	@Test
	void shouldCutALongReasonBetweenCharacters() {
		CloseStatus read = CloseCode.read(CloseCode.write(new CloseStatus(4000, "\u20AC".repeat(100))));
		assertThat(read.getReason()).isEqualTo("\u20AC".repeat(41));
		assertThat(CloseCode.write(new CloseStatus(4000, "x".repeat(200)))).hasSize(125);
	}

	private static void assertViolation(byte[] payload, int code) {
		assertThatExceptionOfType(FrameViolationException.class).isThrownBy(() -> CloseCode.read(payload))
			.satisfies((violation) -> assertThat(violation.status().getCode()).isEqualTo(code));
	}

}
