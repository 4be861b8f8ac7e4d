package dev.switchboard.overload;

import java.time.Duration;

/**
 * An event loop in simulated time, with a limit on its calls. In each turn it takes or
 * refuses all the calls that have come in the turn before, and each costs it time.
 */
final class LimitedLoop {

	static final Duration MARK = Duration.ofMillis(200);

	static final int LEAST = 50;

	/** Each connection has one call, so as many wait at most. */
	private static final int CONNECTIONS = 8000;

	private static final double IDLE_MILLIS = 1;

	final CallLimit limit = new CallLimit(MARK, LEAST);

	/** The price of a call in milliseconds. */
	double callMillis = 0.1;

	/** The price of a refusal in milliseconds. */
	double refusalMillis = 0.02;

	boolean memoryFull;

	private double nowMillis;

	private double lastTickMillis;

	private double waiting;

	private long taken;

	private long refused;

	private double latestMillis;

	private double longestPauseMillis;

	/**
	 * What has happened in a time: calls in a second, the longest delay, and the longest
	 * pause of a connection.
	 */
	record Result(double taken, double refused, double latestMillis, double longestPauseMillis) {
	}

	/** Runs for a while, in which calls come at a rate. */
	Result run(Duration time, double perSecond) {
		double from = this.nowMillis;
		this.taken = 0;
		this.refused = 0;
		this.latestMillis = 0;
		this.longestPauseMillis = 0;
		while (this.nowMillis < from + time.toMillis()) {
			turn(perSecond);
		}
		double seconds = (this.nowMillis - from) / 1000;
		return new Result(this.taken / seconds, this.refused / seconds, this.latestMillis, this.longestPauseMillis);
	}

	private void turn(double perSecond) {
		double began = this.nowMillis;
		for (int calls = (int) this.waiting; calls > 0; calls--) {
			boolean takes = this.limit.tryTake();
			this.taken += takes ? 1 : 0;
			this.refused += takes ? 0 : 1;
			this.nowMillis += takes ? this.callMillis : this.refusalMillis;
		}
		this.waiting -= (int) this.waiting;
		this.nowMillis += (this.nowMillis == began) ? IDLE_MILLIS : 0;
		come(this.nowMillis - began, perSecond);
		tickIfDue();
	}

	/** Stops the event loop for a while, as a collection does. Calls come meanwhile. */
	void pause(Duration time, double perSecond) {
		this.nowMillis += time.toMillis();
		come((double) time.toMillis(), perSecond);
		tickIfDue();
	}

	private void come(double millis, double perSecond) {
		this.waiting = Math.min(CONNECTIONS, this.waiting + millis * perSecond / 1000);
	}

	private void tickIfDue() {
		double elapsed = this.nowMillis - this.lastTickMillis;
		double late = elapsed - LoopWatch.PERIOD.toMillis();
		if (late >= 0) {
			this.lastTickMillis = this.nowMillis;
			this.latestMillis = Math.max(this.latestMillis, late);
			this.limit.tick((long) (late * 1e6), (long) (elapsed * 1e6), this.memoryFull);
			this.longestPauseMillis = Math.max(this.longestPauseMillis, this.limit.pauseNanos() / 1e6);
		}
	}

}
