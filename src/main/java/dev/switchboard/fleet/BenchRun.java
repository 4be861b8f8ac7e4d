package dev.switchboard.fleet;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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
