package dev.switchboard.simulator.bench;

import java.util.Locale;

/**
 * The cost of a number of operations.
 *
 * @param nanos the time they took
 * @param ownCpuMicros this process's CPU time
 * @param serverCpuMicros the server's CPU time; negative if unknown
 * @param serverResidentBytes the server's memory afterwards; negative if unknown
 */
public record Cost(long nanos, long ownCpuMicros, long serverCpuMicros, long serverResidentBytes) {

	boolean knowsServer() {
		return this.serverCpuMicros >= 0;
	}

	public double perSecond(long count) {
		return count * 1e9 / this.nanos;
	}

	/** The server's CPU time for each of this many operations. */
	double serverMicrosEach(long count) {
		return (double) this.serverCpuMicros / Math.max(1, count);
	}

	/** The CPU time for each of this many operations, and the server's memory. */
	public String each(long count) {
		String own = String.format(Locale.ROOT, "CPU µs each: own %.1f",
				(double) this.ownCpuMicros / Math.max(1, count));
		return knowsServer() ? own + String.format(Locale.ROOT, ", server %.1f; server RSS %d MB",
				serverMicrosEach(count), this.serverResidentBytes >> 20) : own;
	}

}
