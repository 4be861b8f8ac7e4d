package dev.switchboard.simulator.bench;

import java.util.concurrent.ThreadLocalRandom;

/**
 * JSON strings for numbered requests, no two of them equal, also in different runs.
 * Thread-safe.
 */
final class Payloads {

	private final String nonce = Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".";

	private final int bytes;

	/**
	 * Makes payloads that no earlier run has sent.
	 * @param bytes the size of each, if a payload of this size can be unique
	 */
	Payloads(int bytes) {
		this.bytes = bytes;
	}

	/** The payload of the request with this number: always the same, and ASCII only. */
	String of(long number) {
		String unique = this.nonce + number;
		return "\"" + unique + "x".repeat(Math.max(0, this.bytes - unique.length() - 2)) + "\"";
	}

}
