package dev.switchboard.protocol;

import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EventReaderTests {

	private static Frame.FromAgent decode(String message) {
		return Objects.requireNonNull(FrameCodec.decodeFromAgent(message.getBytes(UTF_8)));
	}

	@Test
	void shouldReadAnEvent() {
		Frame.Event event = (Frame.Event) decode(
				"{\"type\":\"event\",\"id\":\"a b~\",\"subject\":\"" + "s".repeat(256) + "\"}");
		assertThat(event.id()).isEqualTo("a b~");
		assertThat(event.subject()).hasSize(256);
		assertThat(event.payload().text()).isEqualTo("null");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{"type":"event","id":"1","subject":""} | event.subject must be 1 to 256 printable ASCII characters
			{"type":"event","id":"1","subject":"a\\u00e4"} | event.subject must be 1 to 256 printable ASCII characters
			{"type":"event","id":"1","subject":"a\\nb"} | event.subject must be 1 to 256 printable ASCII characters
			{"type":"event","id":"1"} | event.subject missing
			{"type":"event","id":"1","subject":5} | event.subject must be a string
			{"type":"event","id":"1","subject":"s","payload":1,"payload":2} | event.payload is there twice
			{"type":"event","id":"","subject":"s"} | event.id must be 1 to 128 printable ASCII characters
			""")
	void shouldSayWhatIsWrongWithAnEvent(String message, String fault) {
		assertThatExceptionOfType(BadEventException.class).isThrownBy(() -> decode(message))
			.satisfies((ex) -> assertThat(ex.fault()).isEqualTo(fault));
	}

	@Test
	void shouldNameTheBeginningOfAnIdThatIsTooLong() {
		String id = "i".repeat(129);
		assertThatExceptionOfType(BadEventException.class)
			.isThrownBy(() -> decode("{\"type\":\"event\",\"id\":\"" + id + "\",\"subject\":\"s\"}"))
			.satisfies((ex) -> assertThat(ex.id()).isEqualTo("i".repeat(128)));
	}

	@Test
	void shouldRecogniseAnEventByItsBeginning() {
		byte[] head = "{\"type\":\"event\",\"id\":\"1\",\"payload\":\"aaaa".getBytes(UTF_8);
		assertThatExceptionOfType(BadEventException.class).isThrownBy(() -> EventReader.refuse(head, "too big"))
			.satisfies((ex) -> assertThat(ex.id() + ": " + ex.fault()).isEqualTo("1: too big"));
		assertThatCode(() -> EventReader.refuse("{\"type\":\"result\",\"id\":\"1\"".getBytes(UTF_8), "too big"))
			.doesNotThrowAnyException();
	}

}
