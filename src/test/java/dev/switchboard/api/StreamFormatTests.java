package dev.switchboard.api;

import java.nio.charset.StandardCharsets;

import dev.switchboard.json.Allocations;
import dev.switchboard.json.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;

class StreamFormatTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "none",
			value = { "application/x-ndjson | NDJSON", "text/event-stream | EVENTS", "text/* | EVENTS", "*/* | none",
					"application/json, application/x-ndjson | none", "application/x-ndjson, application/json | none",
					"text/event-stream, application/json, application/x-ndjson | none",
					"application/x-ndjson;q=0.9, application/json;q=0.9 | none",
					"application/x-ndjson;q=0.9, application/json;q=0.8 | NDJSON", "application/x-ndjson;q=0 | none",
					"*/*;q=0.1, text/event-stream;q=0 | none", "application/*, text/event-stream | EVENTS",
					"application/x-ndjson, */* | NDJSON", "application/json;q=0.5, text/event-stream | EVENTS",
					"text/html | none" })
	void shouldStreamWhatTheCallerWouldRatherHave(String accept, StreamFormat format) {
		assertThat(StreamFormat.accepted(MediaType.parseMediaTypes(accept))).isEqualTo(format);
	}

	@Test
	void shouldStreamNothingToACallerThatSaysNothing() {
		assertThat(StreamFormat.accepted(MediaType.parseMediaTypes(""))).isNull();
	}

	@Test
	void shouldKeepAChunkOnOneLine() {
		Payload chunk = Payload.parse("{\n\t\"a\":\r\n\"\\n\"}");
		assertThat(StreamFormat.NDJSON.chunk(chunk)).asString(StandardCharsets.UTF_8)
			.isEqualTo("{\"chunk\":{ \t\"a\":  \"\\n\"}}\n");
		assertThat(StreamFormat.EVENTS.chunk(chunk)).asString(StandardCharsets.UTF_8)
			.isEqualTo("data:{\"chunk\":{ \t\"a\":  \"\\n\"}}\n\n");
	}

	@ParameterizedTest
	@EnumSource
	void shouldCopyALargeChunkOnce(StreamFormat format) {
		Payload large = Allocations.large();
		assertThat(Allocations.bytesOf(() -> format.chunk(large))).isLessThan(Allocations.once(large));
		assertThat(Allocations.bytesOf(() -> format.object(large))).isLessThan(Allocations.once(large));
	}

}
