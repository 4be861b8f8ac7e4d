package dev.switchboard.cluster.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * The time of a simulated cluster, and the queue of what is to happen in it. Nothing
 * happens outside of the queue. Used by one thread.
 */
final class World implements TimeSource {

	private static final long START = 1_000_000_000L;

	private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");

	private final PriorityQueue<Event> events = new PriorityQueue<>();

	private final long seed;

	private final Trace trace;

	private long now = START;

	private long added;

	private final AtomicLong done = new AtomicLong();

	private @Nullable NodeRun current;

	World(long seed, Trace trace) {
		this.seed = seed;
		this.trace = trace;
	}

	/**
	 * Returns a new source of random numbers. Sources of different names do not depend on
	 * each other, so one more number of one source changes nothing in the others.
	 */
	SplittableRandom chance(String name) {
		return new SplittableRandom(this.seed * 0x9E37_79B9_7F4A_7C15L + name.hashCode() * 0xBF58_476D_1CE4_E5B9L);
	}

	@Override
	public long nanoTime() {
		return this.now;
	}

	@Override
	public Instant now() {
		return STARTED.plusNanos(this.now);
	}

	/** Returns the run of a node whose task runs at the moment; null outside of nodes. */
	@Nullable NodeRun current() {
		return this.current;
	}

	/** Returns how many tasks have run. May be called from any thread. */
	long done() {
		return this.done.get();
	}

	void at(long time, @Nullable NodeRun owner, Runnable task) {
		this.events.add(new Event(Math.max(time, this.now), this.added++, owner, task));
	}

	void in(long delay, @Nullable NodeRun owner, Runnable task) {
		at(this.now + delay, owner, task);
	}

	void in(Duration delay, @Nullable NodeRun owner, Runnable task) {
		in(delay.toNanos(), owner, task);
	}

	/** Runs a task for a run of a node at once, as if the run had begun it itself. */
	void as(@Nullable NodeRun owner, Runnable task) {
		NodeRun before = this.current;
		this.current = owner;
		try {
			task.run();
		}
		finally {
			this.current = before;
		}
	}

	/** Lets time pass. */
	void runUntil(long end) {
		for (Event next = this.events.peek(); next != null && next.at() <= end; next = this.events.peek()) {
			this.events.poll();
			this.now = next.at();
			run(next);
		}
		this.now = Math.max(this.now, end);
	}

	private void run(Event event) {
		NodeRun owner = event.owner();
		if (owner != null && !owner.isAlive()) {
			return;
		}
		if (owner != null && owner.isPaused()) {
			owner.hold(event);
			return;
		}
		this.done.incrementAndGet();
		as(owner, event.task());
	}

	/** Takes note of an event, with the time since the beginning of the life. */
	void note(String what) {
		this.trace.note(this.now - START, what);
	}

	/**
	 * Draws a time from 0, so that short times are more likely than long ones.
	 * @param mean the mean, in nanoseconds
	 */
	static long around(SplittableRandom chance, long mean) {
		return (long) (-Math.log(1 - chance.nextDouble()) * mean);
	}

}
