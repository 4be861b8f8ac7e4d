package dev.switchboard.call;

import dev.switchboard.connection.Answer;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended, in the bytes that the API writes: the answer to the caller, and the
 * call's resource ({@code GET} of the call), which the directory stores, too.
 *
 * @param outcome the outcome as the gateway knows it
 * @param status the HTTP status of the answer
 * @param answer the body of the answer: the agent's result or error, or a problem
 * @param resource the body of the call's resource
 */
public record CallOutcome(Outcome outcome, int status, Payload answer, Payload resource) {

	/** Returns the outcome of a call that the agent has answered. */
	public static CallOutcome of(CallId id, Answer answer) {
		return switch (answer) {
			case Answer.Completed completed -> answered(Outcome.COMPLETED,
					object(id, Outcome.COMPLETED).payload("payload", completed.payload()).end());
			case Answer.Rejected rejected -> answered(Outcome.REJECTED, rejected(id, rejected));
		};
	}

	private static byte[] rejected(CallId id, Answer.Rejected rejected) {
		JsonWriter error = new JsonWriter().string("code", rejected.code()).string("message", rejected.message());
		if (rejected.payload() != null) {
			error.payload("payload", rejected.payload());
		}
		return object(id, Outcome.REJECTED).object("error", error).end();
	}

	private static CallOutcome answered(Outcome outcome, byte[] body) {
		Payload payload = Payload.of(body);
		return new CallOutcome(outcome, 200, payload, payload);
	}

	/** Returns the outcome of a call that has failed. */
	public static CallOutcome of(CallId id, ProblemException failure) {
		Payload problem = Payload.of(failure.of(id).toJson());
		return new CallOutcome(failure.outcome(), failure.problem().status(), problem,
				Payload.of(object(id, failure.outcome()).payload("problem", problem).end()));
	}

	/** Reads the resource of a call that has ended. */
	static CallOutcome parse(byte[] resource) {
		Envelope envelope = Envelope.parse(resource);
		Outcome outcome = Outcome.of(envelope.string("outcome"));
		@Nullable Payload problem = envelope.optionalPayload("problem");
		if (problem == null) {
			return answered(outcome, resource);
		}
		int status = Math.toIntExact(envelope.object("problem").integer("status"));
		return new CallOutcome(outcome, status, problem, Payload.of(resource));
	}

	/** Returns the resource of a call that has not ended. */
	public static Payload pending(CallId id) {
		return Payload.of(object(id, Outcome.PENDING).end());
	}

	private static JsonWriter object(CallId id, Outcome outcome) {
		return new JsonWriter().string("id", id.toString()).string("outcome", outcome.text());
	}

}
