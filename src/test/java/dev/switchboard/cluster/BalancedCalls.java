package dev.switchboard.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import dev.switchboard.GatewayProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls that go to nodes in turn, as through a load balancer: only to those whose
 * readiness probe says 200. Each line makes one call after the other, until stopped.
 *
 * @param <T> the end of a call
 */
final class BalancedCalls<T> implements AutoCloseable {

	private static final long CHECK_MILLIS = 200;

	private final Queue<T> ends = new ConcurrentLinkedQueue<>();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final AtomicInteger turn = new AtomicInteger();

	private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

	private final BiFunction<GatewayProcess, Integer, CompletableFuture<T>> call;

	private final Duration pause;

	private final CountDownLatch running;

	private volatile List<GatewayProcess> ready = List.of();

	private volatile boolean stopping;

	/**
	 * @param nodes the nodes at the time
	 * @param lines how many calls there are at a time
	 * @param pause between the end of a call and the next call of its line
	 * @param call makes a call at a node; the number is that of the line
	 */
	BalancedCalls(Supplier<List<GatewayProcess>> nodes, int lines, Duration pause,
			BiFunction<GatewayProcess, Integer, CompletableFuture<T>> call) {
		this.call = call;
		this.pause = pause;
		this.running = new CountDownLatch(lines);
		check(nodes);
		var _ = this.timer.scheduleWithFixedDelay(() -> check(nodes), CHECK_MILLIS, CHECK_MILLIS,
				TimeUnit.MILLISECONDS);
		for (int line = 0; line < lines; line++) {
			call(line);
		}
	}

	private void check(Supplier<List<GatewayProcess>> nodes) {
		this.ready = nodes.get().stream().filter((node) -> node.readiness() == 200).toList();
	}

	private void call(int line) {
		List<GatewayProcess> now = this.ready;
		if (this.stopping) {
			this.running.countDown();
			return;
		}
		if (now.isEmpty()) {
			ClusterCallers.later(this.pause, () -> call(line));
			return;
		}
		GatewayProcess at = now.get(Math.floorMod(this.turn.getAndIncrement(), now.size()));
		this.call.apply(at, line).whenComplete((end, failure) -> {
			if (failure != null) {
				this.failures.add(failure);
			}
			else {
				this.ends.add(end);
			}
			ClusterCallers.later(this.pause, () -> call(line));
		});
	}

	/** Waits until this many calls have ended. */
	void awaitEnds(int count) {
		Cluster.await().until(() -> this.ends.size() >= count);
	}

	/** Begins no more calls, waits for those under way, and gives all ends. */
	List<T> stop() throws InterruptedException {
		this.stopping = true;
		assertThat(this.running.await(60, TimeUnit.SECONDS)).as("all calls ended").isTrue();
		assertThat(this.failures).isEmpty();
		return List.copyOf(this.ends);
	}

	@Override
	public void close() {
		this.stopping = true;
		this.timer.shutdownNow();
	}

}
