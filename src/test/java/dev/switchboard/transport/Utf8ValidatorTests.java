package dev.switchboard.transport;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link Utf8Validator}. */
class Utf8ValidatorTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "80", "7f", "bf80", "c0bf", "8080", "80ff" })
	void shouldAgreeWithTheJdkOnEveryPairOfBytesAndWhatMayFollow(String tail) {
		byte[] rest = HexFormat.of().parseHex(tail);
		for (int pair = 0; pair < 1 << 16; pair++) {
			byte[] bytes = ByteBuffer.allocate(2 + rest.length).putShort((short) pair).put(rest).array();
			if (isValid(bytes) != decodes(bytes)) {
				assertThat(bytes).as("%04x%s", pair, tail).isNull();
			}
		}
	}

	@Test
	void shouldAgreeWithTheJdkOnLongTextWithOneBadByte() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int i = 0; i < 10_000; i++) {
			byte[] bytes = "plain ascii, then \u00FC \u20AC \uD83D\uDE00, and plain ascii"
				.getBytes(StandardCharsets.UTF_8);
			bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
			assertThat(isValid(bytes)).as("seed %d", seed).isEqualTo(decodes(bytes));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "\u00FC", "\u20AC", "\uD83D\uDE00" })
	void shouldSayThatACharacterIsNotWhole(String character) {
		byte[] bytes = character.getBytes(StandardCharsets.UTF_8);
		Utf8Validator validator = new Utf8Validator();
		for (int i = 0; i < bytes.length - 1; i++) {
			assertThat(validator.accept(bytes, i, i + 1)).isTrue();
			assertThat(validator.isComplete()).isFalse();
		}
		assertThat(validator.accept(bytes, bytes.length - 1, bytes.length)).isTrue();
		assertThat(validator.isComplete()).isTrue();
	}

	private static boolean isValid(byte[] bytes) {
		Utf8Validator validator = new Utf8Validator();
		return validator.accept(bytes, 0, bytes.length) && validator.isComplete();
	}

	private static boolean decodes(byte[] bytes) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

}
