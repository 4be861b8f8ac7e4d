package dev.switchboard.call;

import java.time.Instant;

import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.JsonWriter;
import dev.switchboard.protocol.Outcome;
import dev.switchboard.protocol.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A request that was not answered by an agent: the problem, and what is known of the
 * call. Carries no stack trace: it is an outcome, not a fault. Immutable.
 */
public final class CallException extends RuntimeException {

	private final transient Problem problem;

	private final transient Outcome outcome;

	private final String detail;

	private final transient @Nullable CallId call;

	private final @Nullable Instant lastSeen;

	private CallException(Problem problem, Outcome outcome, String detail, @Nullable CallId call,
			@Nullable Instant lastSeen) {
		super(detail, null, false, false);
		this.problem = problem;
		this.outcome = outcome;
		this.detail = detail;
		this.call = call;
		this.lastSeen = lastSeen;
	}

	/**
	 * A problem with the outcome that is usual for it; the detail is fit for a caller.
	 */
	public CallException(Problem problem, String detail) {
		this(problem, problem.outcome(), detail, null, null);
	}

	static CallException invalid(String detail) {
		return new CallException(Problem.INVALID_REQUEST, detail);
	}

	/** The deadline passed before any byte was written. */
	static CallException deadlineUnsent() {
		return new CallException(Problem.DEADLINE_EXCEEDED, Outcome.NOT_SENT,
				"The deadline passed before the call was written", null, null);
	}

	static CallException offline(@Nullable Instant lastSeen) {
		return new CallException(Problem.AGENT_OFFLINE, Outcome.NOT_SENT, "The agent is known but not connected", null,
				lastSeen);
	}

	/** The same, of this call. */
	CallException of(CallId call) {
		return new CallException(this.problem, this.outcome, this.detail, call, this.lastSeen);
	}

	Problem problem() {
		return this.problem;
	}

	Outcome outcome() {
		return this.outcome;
	}

	/** The problem's object (RFC 9457). */
	byte[] toJson() {
		JsonWriter json = this.problem.toJson(this.detail, this.outcome);
		if (this.call != null) {
			json.string("callId", this.call.toString());
		}
		if (this.lastSeen != null) {
			json.string("lastSeen", this.lastSeen.toString());
		}
		return json.end();
	}

}
