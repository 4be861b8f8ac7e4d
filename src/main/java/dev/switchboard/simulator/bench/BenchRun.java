package dev.switchboard.simulator.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;

/**
 * One sequence of requests, shared by the callers that send it. Thread-safe.
 *
 * @param <W> says what the requests are
 */
final class BenchRun<W> {

	private final W workload;

	private final Schedule schedule;

	private final Measurement measurement = new Measurement();

	private final CountDownLatch busy;

	BenchRun(W workload, Schedule schedule, int callers) {
		this.workload = workload;
		this.schedule = schedule;
		this.busy = new CountDownLatch(callers);
	}

	W workload() {
		return this.workload;
	}

	Schedule schedule() {
		return this.schedule;
	}

	Measurement measurement() {
		return this.measurement;
	}

	/** A caller, as the run sees it. */
	@FunctionalInterface
	interface Sender {

		/**
		 * Sends the numbered request.
		 * @param due when it was to begin, by {@link System#nanoTime}
		 */
		void send(long number, long due);

	}

	/**
	 * Has the caller send its next request, in its event loop, when that is due; it is
	 * done if there is none.
	 */
	void next(EventLoop loop, Sender caller) {
		long now = System.nanoTime();
		long number = this.schedule.take(now);
		if (number < 0) {
			callerDone();
			return;
		}
		long due = this.schedule.dueNanos(number, now);
		if (due > now) {
			var _ = loop.schedule(() -> caller.send(number, due), due - now, TimeUnit.NANOSECONDS);
		}
		else {
			caller.send(number, due);
		}
	}

	/** A caller has no more to send and waits for nothing. */
	void callerDone() {
		this.busy.countDown();
	}

	/** Waits for the callers, at most for the time; true once all are done. */
	boolean await(long time, TimeUnit unit) {
		try {
			return this.busy.await(time, unit);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.schedule.stop();
			return true;
		}
	}

}
