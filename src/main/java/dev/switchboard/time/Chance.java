package dev.switchboard.time;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * The source of a node's ids and jitter. A simulated cluster gives each node a seeded
 * source. The ids of {@link #SYSTEM} cannot be predicted from one another, so a caller
 * who sees the ids of its own calls learns nothing about the ids of other calls.
 * Thread-safe, except a {@link #seeded} source.
 */
public final class Chance {

	/**
	 * The source of real nodes. Each thread has its own generator with its own random
	 * key, so a draw takes no lock and no system call.
	 */
	public static final Chance SYSTEM = new Chance(
			ThreadLocal.withInitial(() -> new KeystreamGenerator(new SecureRandom()))::get);

	private final Supplier<? extends RandomGenerator> generator;

	private Chance(Supplier<? extends RandomGenerator> generator) {
		this.generator = generator;
	}

	/**
	 * Returns a source that draws the same sequence for the same seed. Only one thread
	 * may use it.
	 */
	public static Chance seeded(long seed) {
		RandomGenerator generator = new SplittableRandom(seed);
		return new Chance(() -> generator);
	}

	/** Draws a version 4 UUID (RFC 9562 section 5.4). */
	public UUID uuid() {
		RandomGenerator random = this.generator.get();
		long high = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
		long low = (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
		return new UUID(high, low);
	}

	/** Draws a number from 0, included, to 1, excluded. */
	public double fraction() {
		return this.generator.get().nextDouble();
	}

	/**
	 * Draws an element of a list.
	 * @param weight how often an element is drawn, compared to the others; 0 for never
	 * @return the element; null if all weights are 0, or if the list is empty
	 */
	public <T> @Nullable T draw(List<T> elements, ToLongFunction<? super T> weight) {
		double left = fraction() * elements.stream().mapToLong(weight).sum();
		for (T element : elements) {
			left -= weight.applyAsLong(element);
			if (left < 0) {
				return element;
			}
		}
		return null;
	}

	/**
	 * Draws a duration from the range around a mean. All durations in it are equally
	 * likely.
	 * @param spread how far the range reaches below and above the mean, as a fraction of
	 * the mean from 0 to 1
	 */
	public Duration around(Duration mean, double spread) {
		double factor = 1 + spread * (2 * fraction() - 1);
		return Duration.ofNanos(Math.round(mean.toNanos() * factor));
	}

}
