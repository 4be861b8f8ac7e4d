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
	 * @return the message without its bad members, if it is a {@code hello}
	 * @throws BadAnswerException if the call that the message names shall end
	 * @throws BadEventException if the event that the message is shall be refused
	 * @throws JsonException if the connection shall close
	 */
	static Frame.FromAgent read(byte[] message, JsonException fault) {
		Salvage members = Salvage.of(message);
		String type = members.string("type");
		String id = members.string("id");
		if ("hello".equals(type) && members.isWhole()) {
			return HelloReader.read(message);
		}
		throw switch (type) {
			case "accept", "chunk", "result", "error" -> badAnswer(type, id, fault);
			case "event" -> (id != null) ? new BadEventException(id, fault.in(type).fault()) : fault.in(type);
			case "ack", "auth-refresh" -> fault.in(type);
			case null, default -> fault;
		};
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
