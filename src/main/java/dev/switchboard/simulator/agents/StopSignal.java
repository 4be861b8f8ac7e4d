package dev.switchboard.simulator.agents;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Signals the end of the work: after a time, or when the process is asked to stop. */
public final class StopSignal {

	private final CountDownLatch stopped = new CountDownLatch(1);

	private volatile long deadline = Long.MAX_VALUE;

	public void stop() {
		this.stopped.countDown();
	}

	/** Sets the time after which the work is to stop. */
	public void stopAfter(long time, TimeUnit unit) {
		this.deadline = System.nanoTime() + unit.toNanos(time);
	}

	public boolean isStopped() {
		return this.stopped.getCount() == 0 || System.nanoTime() >= this.deadline;
	}

	/** Waits at most for this time. Returns whether the work is to stop. */
	public boolean await(long time, TimeUnit unit) {
		try {
			long nanos = Math.min(unit.toNanos(time), this.deadline - System.nanoTime());
			return this.stopped.await(nanos, TimeUnit.NANOSECONDS) || isStopped();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			stop();
			return true;
		}
	}

}
