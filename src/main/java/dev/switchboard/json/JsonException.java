package dev.switchboard.json;

/**
 * Reports that a JSON text is malformed, or that a needed member is missing, is there
 * twice or has the wrong type. The message may be shown to the sender of the text. It
 * quotes nothing of the text.
 */
public class JsonException extends RuntimeException {

	private final boolean ofMember;

	public JsonException(String message) {
		this(message, false);
	}

	private JsonException(String message, boolean ofMember) {
		// No stack trace: a peer can cause any number of these.
		super(message, null, false, false);
		this.ofMember = ofMember;
	}

	/**
	 * Returns an exception for the fault of one member of an object.
	 * @param fault the rest of a sentence that begins with the member's name
	 */
	static JsonException ofMember(String name, String fault) {
		return new JsonException(name + " " + fault, true);
	}

	/**
	 * Returns the same fault with the object's name in front of the member's name. If the
	 * fault is not one of a member, for example if the text is malformed, returns this
	 * exception.
	 */
	public final JsonException in(String object) {
		return this.ofMember ? new JsonException(object + "." + getMessage(), true) : this;
	}

	/** Returns what is wrong, and where. */
	public final String fault() {
		return String.valueOf(getMessage());
	}

}
