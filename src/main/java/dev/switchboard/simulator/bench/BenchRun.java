package dev.switchboard.simulator.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;

/**
 * One sequence of requests, shared by the callers that send it. Thread-safe.
 *
 * @param <W> the type of the workload, which makes the requests
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

	/** A caller that takes its requests from a run. */
	@FunctionalInterface
	interface Sender {

		/**
		 * Sends the request with this number.
		 * @param due the time at which the request was due, by {@link System#nanoTime}
		 */
		void send(long number, long due);

	}

	/**
	 * Makes the caller send its next request, on the event loop, when the request is due.
	 * If there is no next request, the caller is done.
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

	/**
	 * Records that a caller is done: it has no more requests to send, and waits for no
	 * response.
	 */
	void callerDone() {
		this.busy.countDown();
	}

	/** Waits for the callers, at most for this time. Returns whether all are done. */
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
