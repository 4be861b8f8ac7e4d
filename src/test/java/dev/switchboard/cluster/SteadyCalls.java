package dev.switchboard.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.GatewayProcess;
import dev.switchboard.protocol.AgentId;

import static org.assertj.core.api.Assertions.assertThat;

/** Calls of {@code echo}, on each of several lines one after the other, until stopped. */
final class SteadyCalls implements AutoCloseable {

	/** The pause between the end of a call and the beginning of the next. */
	private static final Duration PAUSE = Duration.ofMillis(50);

	private final Queue<Ending> endings = new ConcurrentLinkedQueue<>();

	private final AtomicLong longestNanos = new AtomicLong();

	private final ClusterCallers callers;

	private final CountDownLatch running;

	private volatile boolean stopping;

	/**
	 * A target of calls.
	 *
	 * @param at the node
	 * @param to the agent
	 */
	record Line(GatewayProcess at, AgentId to) {
	}

	SteadyCalls(ClusterCallers callers, List<Line> lines) {
		this.callers = callers;
		this.running = new CountDownLatch(lines.size());
		lines.forEach(this::call);
	}

	private void call(Line line) {
		if (this.stopping) {
			this.running.countDown();
			return;
		}
		long began = System.nanoTime();
		this.callers.call(line.at(), ClusterCall.echo(line.to())).whenComplete((ending, failure) -> {
			this.longestNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
			if (failure != null) {
				this.running.countDown(); // The history has no end of it.
				return;
			}
			this.endings.add(ending);
			ClusterCallers.later(PAUSE, () -> call(line));
		});
	}

	/** Begins no more calls, waits for those under way, and gives all ends. */
	List<Ending> stop() {
		this.stopping = true;
		try {
			assertThat(this.running.await(60, TimeUnit.SECONDS)).as("all calls ended").isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		return List.copyOf(this.endings);
	}

	/** The longest call. */
	Duration longest() {
		return Duration.ofNanos(this.longestNanos.get());
	}

	@Override
	public void close() {
		this.stopping = true;
	}

}
