package dev.switchboard.protocol;

import dev.switchboard.json.JsonException;
import dev.switchboard.json.Salvage;

import org.jspecify.annotations.Nullable;

/**
 * Decides what happens when a message of an agent could not be decoded: the message is
 * ignored, its call ends, or its connection closes. It chooses the mildest of these that
 * is possible. Only a faulty message is read a second time for this, so correct messages
 * pay nothing.
 */
final class FaultyMessage {

	private FaultyMessage() {
	}

	/**
	 * Reads what can be read of the message.
	 * @param fault why the message could not be decoded
	 * @return the message without its bad members, if it is a {@code hello}; null if the
	 * message can be ignored
	 * @throws BadAnswerException if the call that the message names shall end
	 * @throws JsonException if the connection shall close
	 */
	static Frame.@Nullable FromAgent read(byte[] message, JsonException fault) {
		Salvage members = Salvage.of(message);
		String type = members.string("type");
		String id = members.string("id");
		if ("hello".equals(type) && members.isWhole()) {
			return HelloReader.read(message);
		}
		return switch (type) {
			case "accept", "chunk", "result", "error" -> throw badAnswer(type, id, fault);
			case "event" -> badEvent(id, fault.in(type));
			case "ack", "auth-refresh" -> throw fault.in(type);
			case null, default -> throw fault;
		};
	}

	/** Ignores a faulty event that has an id, because no feature serves events yet. */
	private static Frame.@Nullable FromAgent badEvent(@Nullable String id, JsonException fault) {
		if (id == null) {
			throw fault;
		}
		return null;
	}

	private static JsonException badAnswer(String type, @Nullable String id, JsonException fault) {
		JsonException named = fault.in(type);
		return (id != null) ? new BadAnswerException(FrameCodec.answeredCall(id), named.fault(), isLast(type)) : named;
	}

	static boolean isAboutACall(String type) {
		return switch (type) {
			case "accept", "chunk", "result", "error" -> true;
			default -> false;
		};
	}

	/** Whether a message of this type ends its call. */
	static boolean isLast(String type) {
		return type.equals("result") || type.equals("error");
	}

}
