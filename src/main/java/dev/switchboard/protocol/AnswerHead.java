package dev.switchboard.protocol;

import dev.switchboard.json.Salvage;

import org.jspecify.annotations.Nullable;

/**
 * The beginning of an agent's message that is too long to be read whole.
 *
 * @param call the call that the message is about
 * @param certain whether the type was readable; then the message is certainly about a
 * call
 * @param last whether the agent has nothing more to say about the call; true if the type
 * was not readable
 */
public record AnswerHead(CallId call, boolean certain, boolean last) {

	/**
	 * Reads the first bytes of a message.
	 * @return null if the id is not readable, or if the type is readable and is not that
	 * of a message about a call
	 */
	public static @Nullable AnswerHead read(byte[] head) {
		Salvage members = Salvage.of(head);
		String type = members.string("type");
		String id = members.string("id");
		if (id == null || (type != null && !FaultyMessage.isAboutACall(type))) {
			return null;
		}
		return new AnswerHead(FrameCodec.answeredCall(id), type != null, type == null || FaultyMessage.isLast(type));
	}

}
