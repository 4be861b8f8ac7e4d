package dev.switchboard.protocol;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.Payload;
import dev.switchboard.json.Salvage;

/** Reads an agent's {@code event}. */
public final class EventReader {

	/** The most characters of an event's id. */
	public static final int LONGEST_ID = 128;

	/** The most characters of an event's subject. */
	public static final int LONGEST_SUBJECT = 256;

	private EventReader() {
	}

	/**
	 * Checks an event's members.
	 * @throws JsonException if the id or the subject does not have its form
	 */
	static Frame.Event read(Envelope envelope, Payload payload) {
		String id = envelope.string("id");
		String subject = envelope.string("subject");
		require(isId(id), "id must be 1 to 128 printable ASCII characters");
		require(isSubject(subject), "subject must be 1 to 256 printable ASCII characters");
		return new Frame.Event(id, subject, payload);
	}

	private static void require(boolean condition, String otherwise) {
		if (!condition) {
			throw new JsonException("event." + otherwise);
		}
	}

	/** Whether an event may have this id. */
	public static boolean isId(String id) {
		return isPrintable(id, LONGEST_ID);
	}

	/** Whether an event may have this subject. */
	public static boolean isSubject(String subject) {
		return isPrintable(subject, LONGEST_SUBJECT);
	}

	private static boolean isPrintable(String text, int longest) {
		return !text.isEmpty() && text.length() <= longest && text.chars().allMatch((c) -> c >= ' ' && c <= '~');
	}

	/**
	 * Looks whether a message that is too long to be read whole is an event.
	 * @param head the beginning of the message
	 * @param fault what is wrong with the message
	 * @throws BadEventException if the message is an event, and its id could be read
	 */
	public static void refuse(byte[] head, String fault) {
		Salvage members = Salvage.of(head);
		String id = members.string("id");
		if (id != null && "event".equals(members.string("type"))) {
			throw new BadEventException(id, fault);
		}
	}

}
