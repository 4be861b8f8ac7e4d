package dev.switchboard.protocol;

import java.util.UUID;

import dev.switchboard.json.CanonicalUuid;

/** The id of one connection of an agent; each handshake gives a new one. */
public record ConnectionId(UUID value) {

	/**
	 * Reads the canonical 36 character form.
	 * @throws IllegalArgumentException if the text is anything else
	 */
	public static ConnectionId parse(String text) {
		return new ConnectionId(CanonicalUuid.parse(text));
	}

	@Override
	public String toString() {
		return this.value.toString();
	}

}
