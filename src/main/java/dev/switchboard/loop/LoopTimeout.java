package dev.switchboard.loop;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.switchboard.time.Attendance;
import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;

/**
 * Ends a wait for a peer, on the event loop that reads from the peer. If the event loop
 * was away when the time was over, it first reads what the peer has sent meanwhile. Used
 * only on that event loop.
 */
public final class LoopTimeout implements Runnable {

	private final EventExecutor loop;

	private final TimeSource time;

	private final Runnable over;

	private final Attendance attendance;

	private long dueNanos;

	private Future<?> timer;

	/**
	 * Begins the wait.
	 * @param over runs once when the time is over, unless the wait is cancelled before
	 */
	public LoopTimeout(EventExecutor loop, Duration wait, Runnable over, TimeSource time) {
		this(loop, wait.toNanos(), over, new Attendance(Attendance.USUAL, time.nanoTime()), time);
	}

	/**
	 * Begins the wait.
	 * @param attendance learns whether the event loop was away
	 */
	LoopTimeout(EventExecutor loop, long waitNanos, Runnable over, Attendance attendance, TimeSource time) {
		this.loop = loop;
		this.time = time;
		this.over = over;
		this.attendance = attendance;
		this.dueNanos = time.nanoTime() + waitNanos;
		this.timer = loop.schedule(this, waitNanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void run() {
		long now = this.time.nanoTime();
		if (this.attendance.wasAway(this.dueNanos, now)) {
			long pause = Attendance.READING.toNanos();
			this.dueNanos = now + pause;
			this.timer = this.loop.schedule(this, pause, TimeUnit.NANOSECONDS);
		}
		else {
			this.over.run();
		}
	}

	/** Ends the wait without an effect. */
	public void cancel() {
		this.timer.cancel(false);
	}

}
