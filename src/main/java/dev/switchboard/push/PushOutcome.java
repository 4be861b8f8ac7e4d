package dev.switchboard.push;

import java.util.Locale;
import java.util.stream.Stream;

/** What has become of a durable push. */
public enum PushOutcome {

	/** It waits for its agent, or is on its way to it. */
	QUEUED(0),

	/** The agent has acknowledged it. */
	ACKNOWLEDGED(1),

	/** Its time to live has passed. */
	EXPIRED(2),

	/** A later push with the same collapse key has taken its place. */
	REPLACED(3),

	/** A caller has cancelled it. */
	CANCELLED(4);

	private final int stored;

	private final String text = name().toLowerCase(Locale.ROOT);

	PushOutcome(int stored) {
		this.stored = stored;
	}

	/** Returns the name that the API shows. */
	public String text() {
		return this.text;
	}

	int stored() {
		return this.stored;
	}

	static PushOutcome of(int stored) {
		return Stream.of(values()).filter((outcome) -> outcome.stored == stored).findFirst().orElseThrow();
	}

}
