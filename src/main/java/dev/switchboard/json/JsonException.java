package dev.switchboard.json;

/**
 * A JSON text is malformed, or lacks a member that its reader needs, has it twice or with
 * the wrong type. The message may be shown to the sender of the text and quotes nothing
 * of it.
 */
public final class JsonException extends RuntimeException {

	public JsonException(String message) {
		// No stack trace: a peer can cause any number of these.
		super(message, null, false, false);
	}

}
