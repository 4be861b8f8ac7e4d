package dev.switchboard.json;

/**
 * A message that breaks the protocol: not JSON, or a member missing, twice there, or of
 * the wrong type. The text is fit for the peer that sent it and quotes nothing of it.
 */
public final class JsonException extends RuntimeException {

	public JsonException(String message) {
		super(message, null, false, false);
	}

}
