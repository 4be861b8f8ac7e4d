package dev.switchboard.json;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/**
 * Measures the bytes that code allocates on the heap; they do not depend on the machine.
 */
public final class Allocations {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final int RUNS = 5;

	private Allocations() {
	}

	/** The bytes that the code allocates on this thread once its classes are loaded. */
	public static long bytesOf(Runnable code) {
		long least = Long.MAX_VALUE;
		for (int i = 0; i < RUNS; i++) {
			long before = THREADS.getCurrentThreadAllocatedBytes();
			code.run();
			least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
		}
		return least;
	}

	/** A payload of 200 kB, a string. */
	public static Payload large() {
		return Payload.parse("\"" + "x".repeat(200_000 - 2) + "\"");
	}

	/** The bytes that one copy of a payload may cost. */
	public static long once(Payload payload) {
		return payload.length() * 11L / 10;
	}

}
