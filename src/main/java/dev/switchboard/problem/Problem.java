package dev.switchboard.problem;

import java.util.Locale;

import dev.switchboard.json.JsonWriter;

/**
 * The problems (RFC 9457) that the gateway answers a request with. The member
 * {@code type} is {@code urn:switchboard:problem:<name>}.
 */
public enum Problem {

	INVALID_REQUEST(400, "The request is not valid", Outcome.NOT_SENT),
	UNAUTHORIZED(401, "Credentials are missing or bad", Outcome.NOT_SENT),
	FORBIDDEN(403, "The credentials are not for this", Outcome.NOT_SENT),
	AGENT_REVOKED(403, "The agent is revoked", Outcome.NOT_SENT),
	TENANT_DISABLED(403, "The tenant is disabled", Outcome.NOT_SENT),
	NOT_FOUND(404, "There is nothing here", Outcome.NOT_SENT),
	AGENT_UNKNOWN(404, "The agent was never seen in this tenant", Outcome.NOT_SENT),
	CALL_UNKNOWN(404, "There is no such call", Outcome.NOT_SENT),
	PUSH_UNKNOWN(404, "There is no such durable push", Outcome.NOT_SENT),
	WEBHOOK_UNKNOWN(404, "There is no such webhook", Outcome.NOT_SENT),
	DELIVERY_UNKNOWN(404, "There is no such delivery", Outcome.NOT_SENT),
	NODE_UNKNOWN(404, "There is no such node", Outcome.NOT_SENT),
	METHOD_NOT_ALLOWED(405, "The method is not allowed here", Outcome.NOT_SENT),
	NOT_ACCEPTABLE(406, "No acceptable media type", Outcome.NOT_SENT),
	REQUEST_TIMEOUT(408, "The request did not arrive in time", Outcome.NOT_SENT),
	AGENT_OFFLINE(409, "The agent is not connected", Outcome.NOT_SENT),
	NODE_ENDING(409, "The process of the node is ending", Outcome.NOT_SENT),
	DELIVERY_NOT_DEAD(409, "The delivery is not a dead letter", Outcome.NOT_SENT),
	CALL_CANCELLED(409, "The call was cancelled", Outcome.CANCELLED),
	CURSOR_EXPIRED(410, "The event log does not go back that far", Outcome.NOT_SENT),
	PAYLOAD_TOO_LARGE(413, "The message would be over the frame limit", Outcome.NOT_SENT),
	UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported", Outcome.NOT_SENT),
	IDEMPOTENCY_MISMATCH(422, "The idempotency key was used with another body", Outcome.NOT_SENT),
	TOO_MANY_REQUESTS(429, "Too many requests", Outcome.NOT_SENT),
	INTERNAL_ERROR(500, "The gateway failed", Outcome.UNKNOWN),
	AGENT_DISCONNECTED(502, "The agent's connection ended", Outcome.UNKNOWN),
	NODE_DISCONNECTED(502, "The node that ran the call went away", Outcome.UNKNOWN),
	RESULT_TOO_LARGE(502, "The agent's answer broke a limit", Outcome.UNKNOWN),
	BAD_ANSWER(502, "The agent's answer broke the protocol", Outcome.UNKNOWN),
	UNAVAILABLE(503, "Not available at the moment", Outcome.NOT_SENT),
	DEADLINE_EXCEEDED(504, "The deadline passed", Outcome.UNKNOWN);

	private final int status;

	private final String title;

	private final Outcome outcome;

	private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

	Problem(int status, String title, Outcome outcome) {
		this.status = status;
		this.title = title;
		this.outcome = outcome;
	}

	/** Returns the problem's name, which is the last part of {@code type}. */
	public String text() {
		return this.text;
	}

	/** Returns the HTTP status. */
	public int status() {
		return this.status;
	}

	/**
	 * Returns the usual outcome of this problem. A {@link ProblemException} may have a
	 * different one.
	 */
	public Outcome outcome() {
		return this.outcome;
	}

	/** Begins the problem's JSON object, to which the caller may add members. */
	JsonWriter toJson(String detail, Outcome outcome) {
		return new JsonWriter().string("type", "urn:switchboard:problem:" + this.text)
			.string("title", this.title)
			.number("status", this.status)
			.string("detail", detail)
			.string("outcome", outcome.text());
	}

}
