package dev.switchboard.relay;

import java.util.Locale;
import java.util.stream.Stream;

/** What has become of a delivery. */
public enum DeliveryState {

	/** It has failed, and is tried again. */
	RETRYING(0),

	/** The receiver has taken it. */
	DELIVERED(1),

	/** It was given up, and stays until it is retried by hand or becomes old. */
	DEAD(2),

	/** A dead letter that is about to be tried once more. */
	REQUESTED(3);

	private final int stored;

	private final String text = name().toLowerCase(Locale.ROOT);

	DeliveryState(int stored) {
		this.stored = stored;
	}

	/** Returns the name that the API shows. */
	public String text() {
		return this.text;
	}

	int stored() {
		return this.stored;
	}

	static DeliveryState of(int stored) {
		return Stream.of(values()).filter((state) -> state.stored == stored).findFirst().orElseThrow();
	}

}
