package dev.switchboard.simulator.agents;

/**
 * A token bucket with a fixed rate. A burst has at most the tokens of a twentieth of a
 * second. Reads no clock of its own. Not thread-safe.
 */
final class Pacer {

	private final double perNano;

	private final double burst;

	private double tokens;

	private long last;

	/**
	 * Starts empty.
	 * @param perSecond tokens a second
	 * @param nowNanos the clock's reading, as in every later call
	 */
	Pacer(double perSecond, long nowNanos) {
		this.perNano = perSecond / 1e9;
		this.burst = Math.max(1, perSecond / 20);
		this.last = nowNanos;
	}

	/** Takes a token if there is one. */
	boolean tryTake(long nowNanos) {
		this.tokens = Math.min(this.burst, this.tokens + (nowNanos - this.last) * this.perNano);
		this.last = nowNanos;
		if (this.tokens < 1) {
			return false;
		}
		this.tokens--;
		return true;
	}

}
