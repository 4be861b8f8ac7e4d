package dev.switchboard.handshake;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

import dev.switchboard.time.TimeSource;

/**
 * Counts the recent failures of any number of sources in a memory of fixed size. It is a
 * count-min sketch (Cormode and Muthukrishnan, 2005) of leaky buckets: a source has one
 * cell in each row, and its count is the smallest of them. The count may be too high, if
 * other sources share all cells of a source, and is never too low. The places of the
 * cells depend on secret keys, so a client cannot choose addresses that share the cells
 * of a different source. Thread-safe.
 */
final class FailureSketch {

	private static final int ROWS = 4;

	private static final int CELL_BITS = 14;

	private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

	/** The time of the last change, in milliseconds, and the count then, as a float. */
	private final AtomicLongArray cells = new AtomicLongArray(ROWS << CELL_BITS);

	private final long[] keys = new long[2 * ROWS];

	private final int ratePerSecond;

	private final TimeSource time;

	private final long startNanos;

	/**
	 * @param ratePerSecond by how much each count falls in a second
	 * @param secrets gives random numbers that no client knows
	 */
	FailureSketch(int ratePerSecond, LongSupplier secrets, TimeSource time) {
		this.ratePerSecond = ratePerSecond;
		this.time = time;
		this.startNanos = time.nanoTime();
		for (int i = 0; i < this.keys.length; i++) {
			this.keys[i] = secrets.getAsLong();
		}
	}

	/** Returns the number of recent failures of a source. */
	float count(long source) {
		return count(source, millis());
	}

	private float count(long source, int now) {
		float count = Float.MAX_VALUE;
		for (int row = 0; row < ROWS; row++) {
			count = Math.min(count, countOf(this.cells.get(cell(row, source)), now));
		}
		return count;
	}

	/** Adds a failure. Raises no cell higher than the source's own count. */
	void add(long source) {
		int now = millis();
		float count = count(source, now) + 1;
		for (int row = 0; row < ROWS; row++) {
			this.cells.updateAndGet(cell(row, source), (cell) -> packed(Math.max(count, countOf(cell, now)), now));
		}
	}

	private int millis() {
		return (int) ((this.time.nanoTime() - this.startNanos) / 1_000_000);
	}

	private float countOf(long cell, int now) {
		long elapsed = Integer.toUnsignedLong(now - (int) (cell >>> Integer.SIZE));
		return Math.max(0, Float.intBitsToFloat((int) cell) - elapsed * this.ratePerSecond / 1000F);
	}

	private static long packed(float count, int now) {
		return (long) now << Integer.SIZE | Integer.toUnsignedLong(Float.floatToRawIntBits(count));
	}

	private int cell(int row, long source) {
		long mixed = mix(mix(source ^ this.keys[2 * row]) + this.keys[2 * row + 1]);
		return row << CELL_BITS | (int) (mixed >>> (Long.SIZE - CELL_BITS));
	}

	private static long mix(long bits) {
		long mixed = (bits ^ (bits >>> 32)) * GOLDEN;
		mixed = (mixed ^ (mixed >>> 29)) * GOLDEN;
		return mixed ^ (mixed >>> 32);
	}

}
