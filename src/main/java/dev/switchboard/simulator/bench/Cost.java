package dev.switchboard.simulator.bench;

import java.util.Locale;

/**
 * The cost of a number of operations.
 *
 * @param nanos the time that the operations took
 * @param ownCpuMicros the CPU time of this process
 * @param serverCpuMicros the CPU time of the server; negative if unknown
 * @param serverResidentBytes the server's resident memory afterwards; negative if unknown
 */
public record Cost(long nanos, long ownCpuMicros, long serverCpuMicros, long serverResidentBytes) {

	boolean knowsServer() {
		return this.serverCpuMicros >= 0;
	}

	public double perSecond(long count) {
		return count * 1e9 / this.nanos;
	}

	/** Returns the server's CPU time for each of this many operations. */
	double serverMicrosEach(long count) {
		return (double) this.serverCpuMicros / Math.max(1, count);
	}

	/**
	 * Returns a text with the CPU time for each of this many operations, and the server's
	 * memory.
	 */
	public String each(long count) {
		String own = String.format(Locale.ROOT, "CPU µs each: own %.1f",
				(double) this.ownCpuMicros / Math.max(1, count));
		return knowsServer() ? own + String.format(Locale.ROOT, ", server %.1f; server RSS %d MB",
				serverMicrosEach(count), this.serverResidentBytes >> 20) : own;
	}

}
