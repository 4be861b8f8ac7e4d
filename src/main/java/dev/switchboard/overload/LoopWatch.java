package dev.switchboard.overload;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.switchboard.listener.CallAdmission;
import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.EventExecutor;

/**
 * Measures how late one event loop is, and limits the calls that it takes. A task that is
 * due again and again measures the delay: everything that waits for the event loop waits
 * as long as this task. {@link #admits}, {@link #pauseNanos} and {@link #run} are for the
 * event loop, the other methods are for all threads.
 */
final class LoopWatch implements CallAdmission, Runnable {

	/** The time between two measurements. */
	static final Duration PERIOD = Duration.ofMillis(50);

	private final EventExecutor loop;

	private final CallLimit limit;

	private final BooleanSupplier full;

	private final LoadMetrics metrics;

	private final TimeSource time;

	private long last;

	private volatile long delayNanos;

	private volatile double rate = Double.POSITIVE_INFINITY;

	private volatile boolean stopped;

	/**
	 * @param full whether the node's memory is full
	 */
	LoopWatch(EventExecutor loop, CallLimit limit, BooleanSupplier full, LoadMetrics metrics, TimeSource time) {
		this.loop = loop;
		this.limit = limit;
		this.full = full;
		this.metrics = metrics;
		this.time = time;
	}

	void start() {
		this.loop.execute(() -> {
			this.last = this.time.nanoTime();
			next();
		});
	}

	void stop() {
		this.stopped = true;
	}

	@Override
	public boolean admits() {
		return this.limit.tryTake();
	}

	@Override
	public long pauseNanos() {
		return this.limit.pauseNanos();
	}

	/** Measures the delay of this task. */
	@Override
	public void run() {
		long now = this.time.nanoTime();
		long elapsed = now - this.last;
		long late = Math.max(0, elapsed - PERIOD.toNanos());
		this.last = now;
		int refused = this.limit.tick(late, elapsed, this.full.getAsBoolean());
		this.delayNanos = this.limit.delayNanos();
		this.rate = this.limit.rate();
		this.metrics.measured(late, refused);
		next();
	}

	private void next() {
		if (!this.stopped && !this.loop.isShuttingDown()) {
			this.loop.schedule(this, PERIOD.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * Returns the shortest delay of the event loop in the last window, in nanoseconds.
	 */
	long delayNanos() {
		return this.delayNanos;
	}

	/** Returns the calls that it takes in a second; infinite if there is no limit. */
	double rate() {
		return this.rate;
	}

}
