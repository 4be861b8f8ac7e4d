package dev.switchboard.protocol;

import java.util.UUID;

import dev.switchboard.json.CanonicalUuid;

/** A call, under which its answer comes back. Pushes are numbered likewise. */
public record CallId(UUID value) {

	/** The nil UUID (RFC 9562 section 5.9), which no call has. */
	public static final CallId NONE = new CallId(new UUID(0, 0));

	/** A new id. */
	public static CallId random() {
		return new CallId(RandomIds.next());
	}

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
