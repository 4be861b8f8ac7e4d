package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.OffsetDateTime;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON with a library that is not Switchboard's own. */
final class Json {

	/** The form of a UUID. */
	static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(1000).build())
			.build())
		.build();

	private Json() {
	}

	static JsonNode parse(String text) {
		return MAPPER.readTree(text);
	}

	/** A time in RFC 3339. */
	static Instant time(JsonNode text) {
		return OffsetDateTime.parse(text.asString()).toInstant();
	}

	static JsonNode parse(HttpResponse<String> response) {
		return parse(response.body());
	}

}
