package dev.switchboard.overload;

import java.util.Locale;

/**
 * How far this node is overloaded. Each level also does what the levels before it do.
 */
public enum Level {

	/** The node takes everything. */
	NORMAL,
	/** The node takes no agents. */
	NO_HANDSHAKES,
	/** The node moves agents to other nodes. */
	SHEDDING,
	/** The node refuses calls and pushes that it would only queue. */
	REFUSING;

	private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

	/** Returns the level's name in metrics, in details of health and in the log. */
	public String text() {
		return this.text;
	}

	/** Whether this level is the given one or a higher one. */
	boolean isAtLeast(Level other) {
		return compareTo(other) >= 0;
	}

	/** Returns the level below this one; {@link #NORMAL} has none below it. */
	Level below() {
		return switch (this) {
			case NORMAL, NO_HANDSHAKES -> NORMAL;
			case SHEDDING -> NO_HANDSHAKES;
			case REFUSING -> SHEDDING;
		};
	}

}
