package dev.switchboard.json;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for {@link Utf8}; {@link PayloadTests} has the malformed sequences. */
class Utf8Tests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 509, 510, 511, 512, 513, 1023, 5000 })
	void shouldAcceptALongCharacterAnywhere(int before) {
		byte[] text = ("a".repeat(before) + "\ud83d\ude00\u00e9").getBytes(StandardCharsets.UTF_8);
		assertThatCode(() -> Utf8.check(text)).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 511, 512, 513, 5000 })
	void shouldSayWhereTheFirstErrorIs(int before) {
		byte[] text = ("a".repeat(before) + "?" + "a".repeat(600)).getBytes(StandardCharsets.UTF_8);
		text[before] = (byte) 0xC0;
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Utf8.check(text))
			.withMessage("malformed UTF-8 at byte " + before);
	}

	@Test
	void shouldRefuseATextThatEndsWithinACharacter() {
		byte[] text = { 'a', (byte) 0xE2, (byte) 0x82 };
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Utf8.check(text));
	}

}
