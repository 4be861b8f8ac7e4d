package dev.switchboard.transport;

import org.jspecify.annotations.Nullable;

/**
 * Counts the pongs that the kernel has not taken yet. A session has one of these only
 * while there are such pongs. If pings come faster than pongs go, the last one is
 * answered (RFC 6455 section 5.5.3), so that a peer that sends pings and does not read
 * cannot fill the memory.
 */
final class UnsentPongs {

	private static final int MAX = 16;

	private int count;

	/** The payload of the last ping that was not answered. */
	private byte @Nullable [] postponed;

	/** Whether a ping may be answered now. If not, the ping is postponed. */
	boolean mayAnswer(byte[] ping) {
		if (this.count < MAX) {
			this.count++;
			return true;
		}
		this.postponed = ping;
		return false;
	}

	/** The ping to answer once all pongs are sent, if any. */
	byte @Nullable [] postponed() {
		return this.postponed;
	}

}
