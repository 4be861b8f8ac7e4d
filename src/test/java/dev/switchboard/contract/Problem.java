package dev.switchboard.contract;

import java.net.http.HttpResponse;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A row of the table of problems.
 *
 * @param name the end of its type
 * @param status the HTTP status
 * @param outcome the outcome of the call
 */
record Problem(String name, int status, String outcome) {

	private static final String PREFIX = "urn:switchboard:problem:";

	/** Checks a response against this row and returns the problem. */
	JsonNode in(HttpResponse<String> response) {
		return in(response.statusCode(), response.headers().firstValue("Content-Type").orElse(""), response.body());
	}

	JsonNode in(RawResponse response) {
		return in(response.status(), response.header("content-type"), response.body());
	}

	/** Checks a problem that came as the last object of a stream, or in a resource. */
	JsonNode in(JsonNode problem) {
		assertThat(problem.path("type").asString("")).as("type of %s", problem).isEqualTo(PREFIX + this.name);
		assertThat(problem.path("title").asString("")).as("title of %s", problem).isNotEmpty();
		assertThat(problem.path("status").asInt(0)).as("status of %s", problem).isEqualTo(this.status);
		assertThat(problem.path("detail").asString("")).as("detail of %s", problem).isNotEmpty();
		assertThat(problem.path("outcome").asString("")).as("outcome of %s", problem).isEqualTo(this.outcome);
		if (problem.has("callId")) {
			assertThat(problem.get("callId").asString()).matches(Json.UUID);
		}
		return problem;
	}

	private JsonNode in(int status, String contentType, String body) {
		assertThat(status).as("status of %s", body).isEqualTo(this.status);
		assertThat(contentType).startsWith("application/problem+json");
		return in(Json.parse(body));
	}

	static Problem invalidRequest() {
		return new Problem("invalid-request", 400, "not_sent");
	}

	static Problem agentUnknown() {
		return new Problem("agent-unknown", 404, "not_sent");
	}

	static Problem agentOffline() {
		return new Problem("agent-offline", 409, "not_sent");
	}

	static Problem payloadTooLarge() {
		return new Problem("payload-too-large", 413, "not_sent");
	}

	static Problem agentDisconnected() {
		return new Problem("agent-disconnected", 502, "unknown");
	}

	static Problem deadlineExceeded() {
		return new Problem("deadline-exceeded", 504, "unknown");
	}

}
