package dev.switchboard.transport;

import org.jspecify.annotations.Nullable;

/**
 * Counts the pongs that the kernel has not taken yet. A session has such an object only
 * while there are such pongs. If there are {@link #MAX} of them, only the last of the
 * pings that still come is answered (RFC 6455 section 5.5.3). So a peer that sends pings
 * and does not read cannot fill the memory.
 */
final class UnsentPongs {

	private static final int MAX = 16;

	private int count;

	/** The payload of the last ping that was not answered. */
	private byte @Nullable [] postponed;

	/** Returns whether a ping may be answered now. If not, postpones the ping. */
	boolean mayAnswer(byte[] ping) {
		if (this.count < MAX) {
			this.count++;
			return true;
		}
		this.postponed = ping;
		return false;
	}

	/**
	 * Returns the payload of the ping that must be answered after all pongs are sent;
	 * null if there is none.
	 */
	byte @Nullable [] postponed() {
		return this.postponed;
	}

}
