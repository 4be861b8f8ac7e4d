package dev.switchboard.call;

import java.time.Instant;

import dev.switchboard.connection.Answer;
import dev.switchboard.json.Allocations;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CallOutcomeTests {

	private static final CallId ID = CallId.parse("00000000-0000-4000-8000-000000000001");

	@Test
	void shouldPassTheAgentsBytesOnAsTheyAre() {
		CallOutcome outcome = CallOutcome.of(ID,
				new Answer.Completed(Payload.parse("{\"n\": 1e999, \"s\":\"\\u00e9\"}")));
		assertThat(outcome.answer().text()).isEqualTo(
				"{\"id\":\"" + ID + "\",\"outcome\":\"completed\",\"payload\":{\"n\": 1e999, \"s\":\"\\u00e9\"}}");
		assertThat(outcome.status()).isEqualTo(200);
	}

	@Test
	void shouldTellTheAgentsOwnRefusal() {
		CallOutcome outcome = CallOutcome.of(ID, new Answer.Rejected("busy", "not \"now\"", null));
		assertThat(outcome.answer().text()).isEqualTo("{\"id\":\"" + ID
				+ "\",\"outcome\":\"rejected\",\"error\":{\"code\":\"busy\",\"message\":\"not \\\"now\\\"\"}}");
	}

	@Test
	void shouldCopyALargePayloadOnce() {
		Payload large = Allocations.large();
		assertThat(Allocations.bytesOf(() -> CallOutcome.of(ID, new Answer.Completed(large))))
			.isLessThan(Allocations.once(large));
		assertThat(Allocations.bytesOf(() -> CallOutcome.of(ID, new Answer.Rejected("busy", "later", large))))
			.isLessThan(Allocations.once(large));
	}

	@Test
	void shouldKeepAFailureWholeInTheResource() {
		CallOutcome failed = CallOutcome.of(ID, ProblemException.offline(Instant.EPOCH));
		CallOutcome parsed = CallOutcome.parse(failed.resource().toBytes());
		assertThat(parsed).isEqualTo(failed);
		assertThat(parsed.outcome()).isEqualTo(Outcome.NOT_SENT);
		assertThat(parsed.status()).isEqualTo(409);
		assertThat(parsed.answer().text()).contains("\"callId\":\"" + ID + "\"",
				"\"lastSeen\":\"1970-01-01T00:00:00.000Z\"");
	}

}
