package dev.switchboard.protocol;

import java.util.Map;

import dev.switchboard.json.Payload;

import org.jspecify.annotations.Nullable;

/**
 * A message of the wire protocol; each type has a record of its own. Payloads are kept as
 * bytes. Immutable and thread-safe.
 */
public sealed interface Frame {

	/** A frame that the gateway sends. */
	sealed interface FromGateway extends Frame {

	}

	/** A frame by which the gateway passes on a caller's payload. */
	sealed interface FromCaller extends FromGateway {

		Payload payload();

	}

	/** A frame that an agent sends. */
	sealed interface FromAgent extends Frame {

	}

	/** A frame about a call that the agent has received. */
	sealed interface OfCall extends FromAgent {

		/** Returns the call's id. */
		CallId id();

	}

	/** An agent's frame that is not about a call. */
	sealed interface Upstream extends FromAgent {

	}

	/** The first frame on every connection. */
	record Welcome(ConnectionId connectionId, long epoch, NodeId node, long heartbeatMillis, long maxFrameBytes,
			int maxInFlight, long reconnectMinMillis, long reconnectMaxMillis) implements FromGateway {
	}

	/** A request that the agent answers with a {@link Result} or an {@link Error}. */
	record Call(CallId id, String method, long ttlMillis, @Nullable String traceparent,
			Payload payload) implements FromCaller {
	}

	/** Nobody waits for this call any more. */
	record Cancel(CallId id) implements FromGateway {
	}

	/**
	 * A message without a reply. The agent acknowledges a durable one with an
	 * {@link Ack}.
	 */
	record Push(CallId id, String method, boolean durable, Payload payload) implements FromCaller {

		/** Makes a push that is not durable. */
		public Push(CallId id, String method, Payload payload) {
			this(id, method, false, payload);
		}

	}

	/** The agent's event is in the event log. */
	record EventAck(String id) implements FromGateway {
	}

	/**
	 * The agent's event was not taken.
	 *
	 * @param retryMillis when the agent may send the event again; null if the event is
	 * refused for good
	 */
	record EventError(String id, String code, String message, @Nullable Long retryMillis) implements FromGateway {
	}

	/**
	 * A request to open a new connection after the delay. The calls of the old connection
	 * are to be finished on the old connection.
	 */
	record GoAway(long reconnectAfterMillis, @Nullable String url, String reason) implements FromGateway {
	}

	/** The agent's description of itself. */
	record Hello(Map<String, String> labels, @Nullable String agentVersion) implements Upstream {
	}

	/** The agent has started the call. */
	record Accept(CallId id) implements OfCall {
	}

	/** A part of a streamed result, or progress. */
	record Chunk(CallId id, Payload payload) implements OfCall {
	}

	/** The call's answer; ends the call. */
	record Result(CallId id, Payload payload) implements OfCall {
	}

	/** The agent's own refusal or failure; ends the call. */
	@SuppressWarnings("AvoidCommonTypeNames") // The wire protocol names it so.
	record Error(CallId id, String code, String message, @Nullable Payload payload) implements OfCall {
	}

	/** The agent has processed a durable push. */
	record Ack(String id) implements Upstream {
	}

	/** A message for the event log. */
	record Event(String id, String subject, Payload payload) implements Upstream {

		/** The code of an {@link EventError} for an event that breaks the protocol. */
		public static final String INVALID = "invalid";

		/** The code of an {@link EventError} for an event that is to be sent again. */
		public static final String BUSY = "busy";

	}

	/** A fresh token for the same tenant and agent. */
	record AuthRefresh(String token) implements Upstream {
	}

}
