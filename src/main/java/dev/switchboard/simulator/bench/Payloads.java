package dev.switchboard.simulator.bench;

import java.util.concurrent.ThreadLocalRandom;

/** JSON strings for numbered requests, no two alike, in whatever run. Thread-safe. */
final class Payloads {

	private final String nonce = Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".";

	private final int bytes;

	/**
	 * Makes payloads that nobody sent before.
	 * @param bytes each one's size, if it is enough to be unique
	 */
	Payloads(int bytes) {
		this.bytes = bytes;
	}

	/** The numbered request's, always the same; ASCII only. */
	String of(long number) {
		String unique = this.nonce + number;
		return "\"" + unique + "x".repeat(Math.max(0, this.bytes - unique.length() - 2)) + "\"";
	}

}
