package dev.switchboard.simulator.bench;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes JSON strings for numbered requests. No two strings are equal, even in different
 * runs. Thread-safe.
 */
final class Payloads {

	private final String nonce = Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".";

	private final int bytes;

	/**
	 * Makes payloads that no earlier run has sent.
	 * @param bytes the size of a payload; a payload is longer if it could not be unique
	 * otherwise
	 */
	Payloads(int bytes) {
		this.bytes = bytes;
	}

	/** Returns the payload of the request with this number, always the same, in ASCII. */
	String of(long number) {
		String unique = this.nonce + number;
		return "\"" + unique + "x".repeat(Math.max(0, this.bytes - unique.length() - 2)) + "\"";
	}

}
