package dev.switchboard.event;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EventCursorTests {

	private static final EventCursor CURSOR = new EventCursor(1_700_000_000_000_000L, new EventPosition(42, 7));

	@Test
	void shouldReadItsText() {
		assertThat(EventCursor.parse("acme", CURSOR.text("acme"))).isEqualTo(CURSOR);
	}

	@Test
	void shouldRefuseTheCursorOfAnotherTenant() {
		assertThatIllegalArgumentException().isThrownBy(() -> EventCursor.parse("acme2", CURSOR.text("acme")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "a b", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "now2", "%%%" })
	void shouldRefuseAnyOtherText(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> EventCursor.parse("acme", text));
	}

	@Test
	void shouldRefuseAChangedText() {
		String text = CURSOR.text("acme");
		for (int i = 0; i < text.length(); i++) {
			String changed = text.substring(0, i) + ((text.charAt(i) == 'Z') ? 'Y' : 'Z') + text.substring(i + 1);
			assertThatIllegalArgumentException().isThrownBy(() -> EventCursor.parse("acme", changed));
		}
	}

}
