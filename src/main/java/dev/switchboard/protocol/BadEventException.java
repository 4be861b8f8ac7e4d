package dev.switchboard.protocol;

import dev.switchboard.json.JsonException;

/** Reports that an agent's event breaks the protocol. Its id could be read. */
public final class BadEventException extends JsonException {

	private final String id;

	BadEventException(String id, String fault) {
		super(fault);
		this.id = (id.length() > EventReader.LONGEST_ID) ? id.substring(0, EventReader.LONGEST_ID) : id;
	}

	/** Returns the event's id, or the beginning of an id that is too long. */
	public String id() {
		return this.id;
	}

}
