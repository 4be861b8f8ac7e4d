package dev.switchboard.cluster.simulation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/**
 * The hashes of lives by their seeds. The same seeds must have the same hashes, in
 * whatever order they are lived, and in each JVM.
 */
final class LifeHashes {

	private final Map<Long, Long> bySeed = new TreeMap<>();

	private LifeHashes() {
	}

	/**
	 * Lives one life after the other.
	 * @param first the seed of the first life
	 * @param last the seed of the last life; if it is the lower one, the seeds go down
	 * @param life lives a life, and returns its hash
	 */
	static LifeHashes of(long first, long last, LongUnaryOperator life) {
		LifeHashes hashes = new LifeHashes();
		LongStream.rangeClosed(0, Math.abs(last - first))
			.map((step) -> (first <= last) ? first + step : first - step)
			.forEach((seed) -> hashes.bySeed.put(seed, life.applyAsLong(seed)));
		return hashes;
	}

	/** Returns the seeds of lives that were different there. */
	List<Long> different(LifeHashes other) {
		return this.bySeed.entrySet()
			.stream()
			.filter((life) -> !life.getValue().equals(other.bySeed.get(life.getKey())))
			.map(Map.Entry::getKey)
			.toList();
	}

	/** Returns one line for each life, in the order of their seeds. */
	List<String> lines() {
		return this.bySeed.entrySet()
			.stream()
			.map((life) -> String.format(Locale.ROOT, "seed %d hash %016x", life.getKey(), life.getValue()))
			.toList();
	}

}
