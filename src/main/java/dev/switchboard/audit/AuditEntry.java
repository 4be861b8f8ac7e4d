package dev.switchboard.audit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.json.Timestamp;
import dev.switchboard.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a request that is audited. It keeps no payload, but only its size
 * and its SHA-256. The request's threads fill it in one after the other.
 */
public final class AuditEntry {

	/** The most characters of a text that a peer has chosen. */
	private static final int LONGEST = 256;

	private final Instant at;

	private final @Nullable String from;

	private @Nullable String subject;

	private @Nullable String issuer;

	private @Nullable String method;

	private @Nullable String sha256;

	private long payloadBytes;

	private @Nullable String id;

	private @Nullable String problem;

	private @Nullable String outcome;

	private int status;

	private boolean callerGone;

	/**
	 * @param at when the request came
	 * @param from the address that it came from; null if that is not known any more
	 */
	AuditEntry(Instant at, @Nullable String from) {
		this.at = at;
		this.from = from;
	}

	/** Notes whose token the request has. */
	void caller(@Nullable String subject, @Nullable String issuer) {
		this.subject = subject;
		this.issuer = issuer;
	}

	/** Notes the message that the request sends. */
	void message(String method, Payload payload) {
		this.method = method;
		this.payloadBytes = payload.length();
		this.sha256 = sha256(payload);
	}

	private static String sha256(Payload payload) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(payload.bytes(), payload.offset(), payload.length());
			return HexFormat.of().formatHex(digest.digest());
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

	/** Notes how the request ended, which its answer says. */
	void answer(int status, Payload json) {
		this.status = status;
		try {
			Envelope answer = Envelope.parse(json.toBytes());
			String call = answer.optionalString("callId");
			this.id = (call != null) ? call : answer.optionalString("id");
			this.outcome = answer.optionalString("outcome");
			this.problem = nameOf(answer.optionalString("type"));
		}
		catch (JsonException ex) {
			// Such an answer has no id and no outcome: it is a list, or its id is no
			// text.
		}
	}

	private static @Nullable String nameOf(@Nullable String type) {
		return (type != null) ? type.substring(type.lastIndexOf(':') + 1) : null;
	}

	/** Notes the failure in which the request ended. */
	void failure(Throwable failure) {
		if (failure instanceof ProblemException ended) {
			answer(ended.problem().status(), Payload.of(ended.toJson()));
		}
		else {
			this.outcome = "unknown";
		}
	}

	/** Notes that the caller has hung up before the answer was complete. */
	void callerGone() {
		this.callerGone = true;
	}

	/**
	 * Returns the entry as a JSON object.
	 * @param action the request's HTTP method and path
	 * @param status the status of the answer, if no other is known; 0 for none
	 */
	String toJson(String action, @Nullable String tenant, @Nullable String agent, int status, Instant end) {
		JsonWriter json = new JsonWriter().string("at", Timestamp.of(this.at))
			.optionalString("action", cut(action))
			.optionalString("tenant", cut(tenant))
			.optionalString("agent", cut(agent))
			.optionalString("sub", cut(this.subject))
			.optionalString("iss", cut(this.issuer))
			.optionalString("from", this.from);
		if (this.sha256 != null) {
			json.optionalString("method", cut(this.method))
				.number("payloadBytes", this.payloadBytes)
				.string("payloadSha256", this.sha256);
		}
		json.optionalString("id", cut(this.id))
			.number("status", (this.status != 0) ? this.status : status)
			.optionalString("problem", this.problem)
			.optionalString("outcome", this.outcome)
			.number("millis", Duration.between(this.at, end).toMillis());
		if (this.callerGone) {
			json.payload("callerGone", Payload.TRUE);
		}
		return Payload.of(json.end()).text();
	}

	private static @Nullable String cut(@Nullable String text) {
		return (text != null && text.length() > LONGEST) ? text.substring(0, LONGEST) + "..." : text;
	}

}
