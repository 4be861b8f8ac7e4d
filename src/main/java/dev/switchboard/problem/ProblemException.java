package dev.switchboard.problem;

import java.time.Instant;

import dev.switchboard.json.JsonWriter;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * A request that was not answered by an agent: the problem, and what is known of the
 * call. Carries no stack trace: it is an outcome, not a fault. Immutable.
 */
public final class ProblemException extends RuntimeException {

	private final transient Problem problem;

	private final transient Outcome outcome;

	private final String detail;

	private final transient @Nullable CallId call;

	private final @Nullable Instant lastSeen;

	private ProblemException(Problem problem, Outcome outcome, String detail, @Nullable CallId call,
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
	public ProblemException(Problem problem, String detail) {
		this(problem, problem.outcome(), detail, null, null);
	}

	public static ProblemException invalid(String detail) {
		return new ProblemException(Problem.INVALID_REQUEST, detail);
	}

	/** The deadline passed before any byte was written. */
	public static ProblemException deadlineUnsent() {
		return new ProblemException(Problem.DEADLINE_EXCEEDED, Outcome.NOT_SENT,
				"The deadline passed before the call was written", null, null);
	}

	public static ProblemException offline(@Nullable Instant lastSeen) {
		return new ProblemException(Problem.AGENT_OFFLINE, Outcome.NOT_SENT, "The agent is known but not connected",
				null, lastSeen);
	}

	/** The same, of this call. */
	public ProblemException of(CallId call) {
		return new ProblemException(this.problem, this.outcome, this.detail, call, this.lastSeen);
	}

	public Problem problem() {
		return this.problem;
	}

	public Outcome outcome() {
		return this.outcome;
	}

	/** The problem's object (RFC 9457). */
	public byte[] toJson() {
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
