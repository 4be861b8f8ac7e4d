package dev.switchboard.agent;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Detects a gateway that has gone silent. A healthy gateway pings an idle agent once in
 * each heartbeat interval. After one and a half silent intervals the agent pings the
 * gateway. After two silent intervals the agent gives the connection up. Thread-safe.
 */
final class Heartbeat {

	private final LongSupplier nanoTime;

	private final Runnable ping;

	private final Runnable silent;

	private volatile long heard;

	private @Nullable ScheduledFuture<?> checks;

	private boolean stopped;

	/**
	 * @param nanoTime reads the clock, as {@link System#nanoTime} does
	 * @param ping sends a ping
	 * @param silent gives the connection up
	 */
	Heartbeat(LongSupplier nanoTime, Runnable ping, Runnable silent) {
		this.nanoTime = nanoTime;
		this.ping = ping;
		this.silent = silent;
		heard();
	}

	/** Records that bytes came from the gateway. */
	void heard() {
		this.heard = this.nanoTime.getAsLong();
	}

	/**
	 * Starts the checks, four in each interval.
	 * @param millis the heartbeat interval; 0 for no checks
	 */
	synchronized void start(ScheduledExecutorService timer, long millis) {
		stopChecks();
		if (!this.stopped && millis > 0) {
			long interval = TimeUnit.MILLISECONDS.toNanos(millis);
			long period = Math.max(interval / 4, 1);
			this.checks = timer.scheduleWithFixedDelay(() -> check(interval), period, period, TimeUnit.NANOSECONDS);
		}
	}

	synchronized void stop() {
		this.stopped = true;
		stopChecks();
	}

	private void stopChecks() {
		if (this.checks != null) {
			this.checks.cancel(false);
		}
	}

	void check(long interval) {
		long quiet = this.nanoTime.getAsLong() - this.heard;
		if (quiet >= 2 * interval) {
			this.silent.run();
		}
		else if (quiet >= interval + interval / 2) {
			this.ping.run();
		}
	}

}
