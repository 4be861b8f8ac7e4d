package dev.switchboard.protocol;

import java.util.Map;

import dev.switchboard.json.Payload;

import org.jspecify.annotations.Nullable;

/**
 * A message of the wire protocol, one record a type. Payloads stay bytes. Values, and so
 * safe to share between threads.
 */
public sealed interface Frame {

	/** What the gateway sends. */
	sealed interface FromGateway extends Frame {

	}

	/** What the gateway passes on from a caller. */
	sealed interface FromCaller extends FromGateway {

		Payload payload();

	}

	/** A frame that an agent sends. */
	sealed interface FromAgent extends Frame {

	}

	/** A frame about a call that the agent was given. */
	sealed interface OfCall extends FromAgent {

		/** The call's id. */
		CallId id();

	}

	/** A frame that an agent sends by itself: about itself, or to be taken further. */
	sealed interface Upstream extends FromAgent {

	}

	/** First message on every connection. */
	record Welcome(ConnectionId connectionId, long epoch, NodeId node, long heartbeatMillis, long maxFrameBytes,
			int maxInFlight, long reconnectMinMillis, long reconnectMaxMillis) implements FromGateway {
	}

	/** Do this, and answer with a {@link Result} or an {@link Error}. */
	record Call(CallId id, String method, long ttlMillis, @Nullable String traceparent,
			Payload payload) implements FromCaller {
	}

	/** Nobody waits for this call any more. */
	record Cancel(CallId id) implements FromGateway {
	}

	/** A message without a reply. */
	record Push(CallId id, String method, Payload payload) implements FromCaller {
	}

	/** The event has been handed over upstream. */
	record EventAck(String id) implements FromGateway {
	}

	/** Connect anew after the delay, and finish here what was begun here. */
	record GoAway(long reconnectAfterMillis, @Nullable String url, String reason) implements FromGateway {
	}

	/** The agent about itself. */
	record Hello(Map<String, String> labels, @Nullable String agentVersion) implements Upstream {
	}

	/** The call has been started. */
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

	/** A durable push has been processed. */
	record Ack(String id) implements Upstream {
	}

	/** Send this upstream. */
	record Event(String id, String subject, Payload payload) implements Upstream {
	}

	/** A fresh token for the same tenant and agent. */
	record AuthRefresh(String token) implements Upstream {
	}

}
