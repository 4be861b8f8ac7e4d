package dev.switchboard.json;

/**
 * Reports that a JSON text is malformed, or that a member which its reader needs is
 * missing, is there twice or has the wrong type. The message may be shown to the sender
 * of the text. It quotes nothing of the text.
 */
public final class JsonException extends RuntimeException {

	public JsonException(String message) {
		// No stack trace: a peer can cause any number of these.
		super(message, null, false, false);
	}

}
