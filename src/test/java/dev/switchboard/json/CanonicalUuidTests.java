package dev.switchboard.json;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Tests for {@link CanonicalUuid}. */
class CanonicalUuidTests {

	@Test
	void shouldReadWhatAUuidPrints() {
		UUID uuid = new UUID(0x0190163d8694739bL, 0xaea5966c26f8ad91L);
		assertThat(CanonicalUuid.parse("0190163d-8694-739b-aea5-966c26f8ad91")).isEqualTo(uuid);
		assertThat(CanonicalUuid.parse("0190163D-8694-739B-AEA5-966C26F8AD91")).isEqualTo(uuid);
		assertThat(CanonicalUuid.parse("00000000-0000-0000-0000-000000000000")).isEqualTo(new UUID(0, 0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "1-1-1-1-1", "0190163d8694739baea5966c26f8ad91", "0190163d-8694-739b-aea5-966c26f8ad9",
			"0190163d-8694-739b-aea5-966c26f8ad911", "0190163d-8694-739b-aea5-966c26f8ad9g",
			"0190163d-8694-739b-aea5_966c26f8ad91", "0190163d8-694-739b-aea5-966c26f8ad91",
			"{190163d-8694-739b-aea5-966c26f8ad9}", " 190163d-8694-739b-aea5-966c26f8ad91",
			"+190163d-8694-739b-aea5-966c26f8ad91", "\u0660190163d-8694-739b-aea5-966c26f8ad9",
			"\uff10190163d-8694-739b-aea5-966c26f8ad91" })
	void shouldRefuseEveryOtherForm(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> CanonicalUuid.parse(text));
	}

}
