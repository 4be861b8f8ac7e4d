package dev.switchboard.overload;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Decides the level of this node, as a function of measurements and time. The level rises
 * when a higher one has been called for during a while, and at once if the memory calls
 * for it or if calls are refused. It falls by one level after each time of calm. Used by
 * one thread at a time.
 */
final class LevelMachine {

	/**
	 * How long a higher level must be called for before the level rises. So a pause of
	 * the process is no overload.
	 */
	static final Duration LASTING = Duration.ofMillis(500);

	/**
	 * How long a lower level must be called for before the level falls by one. The three
	 * steps back to {@link Level#NORMAL} take about two seconds.
	 */
	static final Duration CALM = Duration.ofMillis(700);

	private static final String REFUSING = "calls are refused, because an event loop is late";

	private static final String CALM_AGAIN = "the load has fallen";

	private final List<Marks> marks;

	private final List<Marks> memory;

	private Level level = Level.NORMAL;

	private String reason = CALM_AGAIN;

	/** The time since which a level other than the present one is called for. */
	private long otherSince;

	/** Whether the level that has been called for since then is higher; null for none. */
	private @Nullable Boolean rising;

	LevelMachine(OverloadSettings settings) {
		this.memory = List.of(Marks.ofHeap(settings.heap()), Marks.ofDirect(settings.direct()));
		this.marks = Stream.concat(Stream.of(Marks.of(settings.loopDelay())), this.memory.stream()).toList();
	}

	/**
	 * Takes a measurement.
	 * @param now the time in nanoseconds of the monotonic clock
	 * @return whether the level has changed
	 */
	boolean step(Measurement measurement, long now) {
		Level called = called(measurement);
		if (called == this.level) {
			this.rising = null;
			return false;
		}
		boolean higher = called.isAtLeast(this.level);
		if (this.rising == null || this.rising != higher) {
			this.rising = higher;
			this.otherSince = now;
		}
		Duration wait = !higher ? CALM : isSure(measurement, called) ? Duration.ZERO : LASTING;
		if (now - this.otherSince < wait.toNanos()) {
			return false;
		}
		this.rising = null;
		this.reason = higher ? reason(measurement, called) : CALM_AGAIN;
		this.level = higher ? called : this.level.below();
		return true;
	}

	/**
	 * Whether the node's level rises at once when a higher one is called for: calls are
	 * refused already, or memory is the reason. Memory that is full cannot wait, and does
	 * not look full by chance.
	 */
	private boolean isSure(Measurement measurement, Level called) {
		return measurement.refusing() || memoryCallsFor(called, measurement);
	}

	private Level called(Measurement measurement) {
		if (measurement.refusing()) {
			return Level.REFUSING;
		}
		return this.marks.stream()
			.map((marks) -> marks.level(measurement, this.level))
			.max(Comparator.naturalOrder())
			.orElse(Level.NORMAL);
	}

	private String reason(Measurement measurement, Level called) {
		return this.marks.stream()
			.filter((marks) -> marks.level(measurement, this.level) == called)
			.findFirst()
			.map((marks) -> marks.describe(measurement, called))
			.orElse(REFUSING);
	}

	/** Whether the memory calls for the highest level. */
	boolean isMemoryFull(Measurement measurement) {
		return memoryCallsFor(Level.REFUSING, measurement);
	}

	private boolean memoryCallsFor(Level called, Measurement measurement) {
		return this.memory.stream().anyMatch((marks) -> marks.level(measurement, this.level) == called);
	}

	Level level() {
		return this.level;
	}

	/** Returns why the level is the present one, as a part of a sentence. */
	String reason() {
		return this.reason;
	}

}
