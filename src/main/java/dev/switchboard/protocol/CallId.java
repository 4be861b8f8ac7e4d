package dev.switchboard.protocol;

import java.util.UUID;

import dev.switchboard.json.CanonicalUuid;

/** The id of a call or of a push. The answer to a call repeats the call's id. */
public record CallId(UUID value) {

	/** The nil UUID (RFC 9562 section 5.9), which is no call's id. */
	public static final CallId NONE = new CallId(new UUID(0, 0));

	/**
	 * Reads the canonical 36 character form.
	 * @throws IllegalArgumentException if the text is anything else
	 */
	public static CallId parse(String text) {
		return new CallId(CanonicalUuid.parse(text));
	}

	@Override
	public String toString() {
		return this.value.toString();
	}

}
