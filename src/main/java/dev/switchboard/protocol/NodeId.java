package dev.switchboard.protocol;

import java.util.UUID;

import dev.switchboard.json.CanonicalUuid;

/** The id of one gateway process; each start gives a new one. */
public record NodeId(UUID value) {

	/**
	 * Reads the canonical 36 character form.
	 * @throws IllegalArgumentException if the text is anything else
	 */
	public static NodeId parse(String text) {
		return new NodeId(CanonicalUuid.parse(text));
	}

	@Override
	public String toString() {
		return this.value.toString();
	}

}
