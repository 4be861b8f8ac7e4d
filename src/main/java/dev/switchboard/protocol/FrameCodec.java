package dev.switchboard.protocol;

import java.util.Objects;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;

import org.jspecify.annotations.Nullable;

/**
 * Converts between frames and the bytes of their text messages. Stateless and
 * thread-safe.
 */
public final class FrameCodec {

	private FrameCodec() {
	}

	/**
	 * Reads an agent's frame from bytes of any origin.
	 * @param message the whole text message, whose array the frame's payload shares
	 * @return the frame; null if it is to be ignored, because this version does not know
	 * its type
	 * @throws BadAnswerException if the message breaks the protocol and names its call
	 * @throws BadEventException if the message is an event that breaks the protocol
	 * @throws JsonException if the message breaks the protocol in any other way
	 */
	public static Frame.@Nullable FromAgent decodeFromAgent(byte[] message) {
		Envelope.checkUtf8(message);
		return decodeUtf8FromAgent(message);
	}

	/**
	 * Reads an agent's frame from bytes that are known to be well-formed UTF-8, such as a
	 * text message that the transport has checked. Apart from that, it works like
	 * {@link #decodeFromAgent}.
	 */
	public static Frame.@Nullable FromAgent decodeUtf8FromAgent(byte[] message) {
		try {
			return fromAgent(Envelope.parseUtf8(message), message);
		}
		catch (JsonException ex) {
			return FaultyMessage.read(message, ex);
		}
	}

	private static Frame.@Nullable FromAgent fromAgent(Envelope envelope, byte[] message) {
		return switch (envelope.string("type")) {
			case "result" -> new Frame.Result(answeredCall(envelope), payload(envelope));
			case "error" -> new Frame.Error(answeredCall(envelope), envelope.string("code"),
					Objects.requireNonNullElse(envelope.optionalString("message"), ""),
					envelope.optionalPayload("payload"));
			case "chunk" -> new Frame.Chunk(answeredCall(envelope), payload(envelope));
			case "accept" -> new Frame.Accept(answeredCall(envelope));
			case "hello" -> HelloReader.read(message);
			case "ack" -> new Frame.Ack(envelope.string("id"));
			case "event" -> EventReader.read(envelope, payload(envelope));
			case "auth-refresh" -> new Frame.AuthRefresh(envelope.string("token"));
			default -> null;
		};
	}

	private static Payload payload(Envelope envelope) {
		return Objects.requireNonNullElse(envelope.optionalPayload("payload"), Payload.NULL);
	}

	/**
	 * Reads a gateway's frame from bytes of any origin.
	 * @param message the whole text message, whose array the frame's payload shares
	 * @return the frame, or null for a type that this version does not know
	 * @throws JsonException if the message breaks the protocol
	 */
	public static Frame.@Nullable FromGateway decodeFromGateway(byte[] message) {
		Envelope envelope = Envelope.parse(message);
		return switch (envelope.string("type")) {
			case "call" -> new Frame.Call(callId(envelope), envelope.string("method"), envelope.integer("ttlMillis"),
					envelope.optionalString("traceparent"), envelope.payload("payload"));
			case "cancel" -> new Frame.Cancel(callId(envelope));
			case "push" -> new Frame.Push(callId(envelope), envelope.string("method"),
					envelope.optionalBoolean("durable"), envelope.payload("payload"));
			case "welcome" -> welcome(envelope);
			case "event-ack" -> new Frame.EventAck(envelope.string("id"));
			case "event-error" -> new Frame.EventError(envelope.string("id"), envelope.string("code"),
					envelope.string("message"), envelope.optionalInteger("retryMillis"));
			case "goaway" -> new Frame.GoAway(envelope.integer("reconnectAfterMillis"), envelope.optionalString("url"),
					envelope.string("reason"));
			default -> null;
		};
	}

	private static Frame.Welcome welcome(Envelope envelope) {
		Envelope reconnect = envelope.object("reconnect");
		return new Frame.Welcome(new ConnectionId(envelope.uuid("connectionId")), envelope.integer("epoch"),
				new NodeId(envelope.uuid("node")), envelope.integer("heartbeatMillis"),
				envelope.integer("maxFrameBytes"), envelope.smallInteger("maxInFlight"), reconnect.integer("minMillis"),
				reconnect.integer("maxMillis"));
	}

	private static CallId answeredCall(Envelope envelope) {
		return answeredCall(envelope.string("id"));
	}

	// An id that is not a UUID belongs to no call. The frame is dropped later, like every
	// frame for a call that does not wait.
	static CallId answeredCall(String id) {
		try {
			return CallId.parse(id);
		}
		catch (IllegalArgumentException ex) {
			return CallId.NONE;
		}
	}

	private static CallId callId(Envelope envelope) {
		return new CallId(envelope.uuid("id"));
	}

	/**
	 * Writes a frame. {@code type} comes first, {@code id} second, {@code payload} last
	 * and byte for byte; outside the payload there is no white space.
	 */
	public static byte[] encode(Frame frame) {
		return switch (frame) {
			case Frame.FromCaller message -> head(message).end(message.payload());
			case Frame.Result result -> message("result", result.id()).end(result.payload());
			case Frame.Cancel cancel -> message("cancel", cancel.id()).end();
			case Frame.Error error -> message("error", error.id()).string("code", error.code())
				.string("message", error.message())
				.end(error.payload());
			case Frame.Chunk chunk -> message("chunk", chunk.id()).end(chunk.payload());
			case Frame.Accept accept -> message("accept", accept.id()).end();
			case Frame.Welcome welcome -> encode(welcome);
			case Frame.Hello hello -> message("hello").strings("labels", hello.labels())
				.optionalString("agentVersion", hello.agentVersion())
				.end();
			case Frame.EventAck ack -> message("event-ack").string("id", ack.id()).end();
			case Frame.EventError error -> encode(error);
			case Frame.Ack ack -> message("ack").string("id", ack.id()).end();
			case Frame.Event event ->
				message("event").string("id", event.id()).string("subject", event.subject()).end(event.payload());
			case Frame.AuthRefresh refresh -> message("auth-refresh").string("token", refresh.token()).end();
			case Frame.GoAway goAway -> message("goaway").number("reconnectAfterMillis", goAway.reconnectAfterMillis())
				.optionalString("url", goAway.url())
				.string("reason", goAway.reason())
				.end();
		};
	}

	/**
	 * Writes a frame as {@link #encode} does, but without the payload and the closing
	 * brace after it.
	 */
	public static byte[] encodeHead(Frame.FromCaller frame) {
		return head(frame).beforePayload();
	}

	private static JsonWriter head(Frame.FromCaller frame) {
		return switch (frame) {
			case Frame.Call call -> message("call", call.id()).string("method", call.method())
				.number("ttlMillis", call.ttlMillis())
				.optionalString("traceparent", call.traceparent());
			case Frame.Push push -> {
				JsonWriter head = message("push", push.id()).string("method", push.method());
				yield push.durable() ? head.payload("durable", Payload.TRUE) : head;
			}
		};
	}

	private static byte[] encode(Frame.EventError error) {
		JsonWriter written = message("event-error").string("id", error.id())
			.string("code", error.code())
			.string("message", error.message());
		return (error.retryMillis() != null) ? written.number("retryMillis", error.retryMillis()).end() : written.end();
	}

	private static byte[] encode(Frame.Welcome welcome) {
		return message("welcome").string("connectionId", welcome.connectionId().toString())
			.number("epoch", welcome.epoch())
			.string("node", welcome.node().toString())
			.number("heartbeatMillis", welcome.heartbeatMillis())
			.number("maxFrameBytes", welcome.maxFrameBytes())
			.number("maxInFlight", welcome.maxInFlight())
			.object("reconnect",
					new JsonWriter().number("minMillis", welcome.reconnectMinMillis())
						.number("maxMillis", welcome.reconnectMaxMillis()))
			.end();
	}

	private static JsonWriter message(String type) {
		return new JsonWriter().string("type", type);
	}

	private static JsonWriter message(String type, CallId id) {
		return message(type).string("id", id.toString());
	}

}
