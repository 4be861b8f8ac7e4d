package dev.switchboard.simulator.agents;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Starts attempts to connect agents, at a given rate, and only a limited number at a
 * time. Thread-safe.
 */
public final class Connector implements AutoCloseable {

	/**
	 * The largest number of attempts at a time. The kernel's accept queue is usually
	 * longer, so the kernel refuses no attempt.
	 */
	private static final int MAX_UNDER_WAY = 1024;

	private static final int TICK_MILLIS = 5;

	private final Queue<Attempt> waiting = new ConcurrentLinkedQueue<>();

	private final EventExecutor loop;

	private final AgentStats stats;

	private final Pacer pacer;

	private final Future<?> ticks;

	/**
	 * An attempt to connect one agent.
	 *
	 * @param agent the agent's index
	 * @param failures how many attempts have failed in a row before this one
	 * @param target where the gateway has asked the agent to connect; null for the
	 * configured target
	 */
	public record Attempt(int agent, int failures, @Nullable Target target) {

		/** Makes an attempt at the configured target. */
		public Attempt(int agent, int failures) {
			this(agent, failures, null);
		}

	}

	/** Begins to call {@code open} for the queued attempts, on the given event loop. */
	public Connector(EventExecutor loop, AgentStats stats, double rate, Consumer<Attempt> open) {
		this.loop = loop;
		this.stats = stats;
		this.pacer = new Pacer(rate, System.nanoTime());
		this.ticks = loop.scheduleAtFixedRate(() -> openDue(open), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
	}

	private void openDue(Consumer<Attempt> open) {
		while (this.stats.connecting.get() < MAX_UNDER_WAY && !this.waiting.isEmpty()
				&& this.pacer.tryTake(System.nanoTime())) {
			Attempt next = this.waiting.poll();
			if (next != null) {
				open.accept(next);
			}
		}
	}

	/** Queues an attempt. */
	public void add(Attempt attempt) {
		this.waiting.add(attempt);
	}

	/** Queues an attempt once the delay is over. */
	void addAfter(long delayMillis, Attempt attempt) {
		var _ = this.loop.schedule(() -> this.waiting.add(attempt), delayMillis, TimeUnit.MILLISECONDS);
	}

	/** Starts no more attempts. Attempts that have been started go on. */
	@Override
	public void close() {
		this.ticks.cancel(false);
		this.loop.submit(this.waiting::clear).awaitUninterruptibly();
	}

}
