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
 * How a call ended, ready to be written: as the answer to its caller, and as the call's
 * resource, which is what is kept of it.
 *
 * @param outcome what is known
 * @param status of the answer
 * @param answer the body of the answer: the agent's, or a problem's
 * @param resource the body of the call's resource
 */
public record CallOutcome(Outcome outcome, int status, Payload answer, Payload resource) {

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
		Payload payload = whole(body);
		return new CallOutcome(outcome, 200, payload, payload);
	}

	public static CallOutcome of(CallId id, ProblemException failure) {
		Payload problem = whole(failure.of(id).toJson());
		return new CallOutcome(failure.outcome(), failure.problem().status(), problem,
				whole(object(id, failure.outcome()).payload("problem", problem).end()));
	}

	/** What was kept of a call that ended. */
	static CallOutcome parse(byte[] resource) {
		Envelope envelope = Envelope.parse(resource);
		Outcome outcome = Outcome.of(envelope.string("outcome"));
		@Nullable Payload problem = envelope.optionalPayload("problem");
		if (problem == null) {
			return answered(outcome, resource);
		}
		int status = Math.toIntExact(envelope.object("problem").integer("status"));
		return new CallOutcome(outcome, status, problem, whole(resource));
	}

	/** The resource of a call that has not ended. */
	public static Payload pending(CallId id) {
		return whole(object(id, Outcome.PENDING).end());
	}

	private static JsonWriter object(CallId id, Outcome outcome) {
		return new JsonWriter().string("id", id.toString()).string("outcome", outcome.text());
	}

	private static Payload whole(byte[] bytes) {
		return new Payload(bytes, 0, bytes.length);
	}

}
