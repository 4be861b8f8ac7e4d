package dev.switchboard.simulator.agents;

/**
 * A token bucket with a fixed rate. It has room for the tokens of a twentieth of a
 * second, and for one token at least. It reads no clock: its callers pass the time. Not
 * thread-safe.
 */
final class Pacer {

	private final double perNano;

	private final double burst;

	private double tokens;

	private long last;

	/**
	 * Creates an empty bucket.
	 * @param perSecond the number of tokens that come in a second
	 * @param nowNanos the time, by the same clock as in later calls
	 */
	Pacer(double perSecond, long nowNanos) {
		this.perNano = perSecond / 1e9;
		this.burst = Math.max(1, perSecond / 20);
		this.last = nowNanos;
	}

	/** Takes a token if there is one. Returns whether there was one. */
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
