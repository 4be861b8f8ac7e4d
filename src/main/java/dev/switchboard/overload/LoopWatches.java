package dev.switchboard.overload;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.switchboard.listener.CallAdmission;
import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;

/** The watches of all event loops of the listeners. Thread-safe. */
final class LoopWatches implements CallAdmission.Loops {

	private final Map<EventExecutor, LoopWatch> watches = new LinkedHashMap<>();

	private volatile boolean full;

	/**
	 * Makes a watch for each event loop; {@link #start} starts the watches.
	 */
	LoopWatches(EventExecutorGroup loops, OverloadSettings settings, LoadMetrics metrics, TimeSource time) {
		loops.forEach((loop) -> this.watches.put(loop, new LoopWatch(loop,
				new CallLimit(settings.loopDelay().calls(), settings.minCalls()), () -> this.full, metrics, time)));
	}

	void start() {
		this.watches.values().forEach(LoopWatch::start);
	}

	void stop() {
		this.watches.values().forEach(LoopWatch::stop);
	}

	@Override
	public CallAdmission on(EventExecutor loop) {
		LoopWatch watch = this.watches.get(loop);
		return (watch != null) ? watch : CallAdmission.ALWAYS;
	}

	/**
	 * Sets whether the memory is full, in which case all event loops take fewer calls.
	 */
	void memoryIsFull(boolean full) {
		this.full = full;
	}

	/** Returns the longest delay of an event loop, in nanoseconds. */
	long delayNanos() {
		return this.watches.values().stream().mapToLong(LoopWatch::delayNanos).max().orElse(0);
	}

	boolean isAnyLimited() {
		return this.watches.values().stream().anyMatch((watch) -> watch.rate() < Double.POSITIVE_INFINITY);
	}

	/** Returns the calls in a second that the event loops with a limit take. */
	double limit() {
		return this.watches.values()
			.stream()
			.mapToDouble(LoopWatch::rate)
			.filter((rate) -> rate < Double.POSITIVE_INFINITY)
			.sum();
	}

}
