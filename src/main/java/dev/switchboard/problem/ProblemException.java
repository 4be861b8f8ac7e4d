package dev.switchboard.problem;

import java.time.Duration;
import java.time.Instant;

import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Timestamp;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request, or an agent's handshake, with a problem. It has no stack trace, since
 * it is an expected end and not a fault of the gateway. Immutable.
 */
public final class ProblemException extends RuntimeException {

	private final transient Problem problem;

	private final transient Outcome outcome;

	private final String detail;

	private final @Nullable Duration retryWithin;

	private final transient @Nullable CallId call;

	private final @Nullable Instant lastSeen;

	private ProblemException(Problem problem, Outcome outcome, String detail, @Nullable Duration retryWithin,
			@Nullable CallId call, @Nullable Instant lastSeen) {
		super(detail, null, false, false);
		this.problem = problem;
		this.outcome = outcome;
		this.detail = detail;
		this.retryWithin = retryWithin;
		this.call = call;
		this.lastSeen = lastSeen;
	}

	/**
	 * Creates the exception with the usual outcome of the problem.
	 * @param detail explains the problem to the caller: a sentence that begins with a
	 * capital letter and reveals nothing internal
	 */
	public ProblemException(Problem problem, String detail) {
		this(problem, problem.outcome(), detail, null, null, null);
	}

	public static ProblemException invalid(String detail) {
		return new ProblemException(Problem.INVALID_REQUEST, detail);
	}

	/**
	 * Makes the problem of a deadline that passed before any byte was written to the
	 * agent.
	 */
	public static ProblemException deadlineUnsent() {
		return new ProblemException(Problem.DEADLINE_EXCEEDED, Outcome.NOT_SENT,
				"The deadline passed before the call was written", null, null, null);
	}

	/** Makes the problem of a call that was cancelled before it was begun. */
	public static ProblemException cancelledUnsent() {
		return new ProblemException(Problem.CALL_CANCELLED, Outcome.NOT_SENT,
				"The fleet call was stopped before this agent was called", null, null, null);
	}

	public static ProblemException offline(@Nullable Instant lastSeen) {
		return new ProblemException(Problem.AGENT_OFFLINE, Outcome.NOT_SENT, "The agent is known but not connected",
				null, null, lastSeen);
	}

	/** Makes the problem of a request that needs the directory, which does not answer. */
	public static ProblemException directoryDown() {
		return new ProblemException(Problem.UNAVAILABLE, "The directory does not answer");
	}

	/** Returns the same problem with the id of the call that it ended. */
	public ProblemException of(CallId call) {
		return new ProblemException(this.problem, this.outcome, this.detail, this.retryWithin, call, this.lastSeen);
	}

	/**
	 * Returns the same problem with a time for retries, in place of the default of
	 * {@link ProblemWriter}.
	 * @param time the time over which retries are to be spread
	 */
	public ProblemException retryWithin(Duration time) {
		return new ProblemException(this.problem, this.outcome, this.detail, time, this.call, this.lastSeen);
	}

	public Problem problem() {
		return this.problem;
	}

	public Outcome outcome() {
		return this.outcome;
	}

	/** Returns the explanation for the caller. */
	public String detail() {
		return this.detail;
	}

	/** Returns the time over which retries are to be spread; null for the default. */
	public @Nullable Duration retryWithin() {
		return this.retryWithin;
	}

	/** Returns the problem as a JSON object (RFC 9457). */
	public byte[] toJson() {
		JsonWriter json = this.problem.toJson(this.detail, this.outcome);
		if (this.call != null) {
			json.string("callId", this.call.toString());
		}
		if (this.lastSeen != null) {
			json.string("lastSeen", Timestamp.of(this.lastSeen));
		}
		return json.end();
	}

}
