package dev.switchboard.time;

import java.time.Duration;
import java.util.Arrays;

/**
 * The bounds of the buckets of all histograms of times. They are few, because each bucket
 * is a series of its own for each combination of tags. They are round, because people ask
 * how many calls took longer than 100 ms, and not how many took longer than 111.8 ms.
 */
public final class LatencyBuckets {

	private static final long[] MICROS = { 500, 1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
			1_000_000, 2_500_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000, 300_000_000 };

	private LatencyBuckets() {
	}

	/**
	 * Returns the bounds in ascending order, from half a millisecond to the longest wait.
	 */
	public static Duration[] bounds() {
		return Arrays.stream(MICROS).mapToObj((micros) -> Duration.ofNanos(micros * 1_000)).toArray(Duration[]::new);
	}

}
