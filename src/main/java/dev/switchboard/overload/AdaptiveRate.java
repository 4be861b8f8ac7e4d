package dev.switchboard.overload;

/**
 * The number of calls in a second that an event loop takes at most. It falls when the
 * event loop is late, the more the later. It rises slowly near the knee, the rate at
 * which the event loop became late before, and quickly far from the knee. So it stays
 * near the knee for most of the time, and finds a new knee when calls become cheaper. The
 * model is CUBIC (RFC 9438 section 4.1), with the rate in place of the window. Used by
 * one thread at a time.
 */
final class AdaptiveRate {

	/**
	 * Delays never lower the rate below this part of its first value. If the event loop
	 * is late even then, it is not the calls that make it late, but the refusals, or
	 * another process.
	 */
	private static final double LEAST_PART = 0.1;

	/** The rate falls by one of these factors, or by one between them. */
	private static final double SMALL_FALL = 0.9;

	private static final double LARGE_FALL = 0.5;

	/** The rate rises by one of these parts, or by one between them. */
	private static final double SMALL_RISE = 0.005;

	private static final double LARGE_RISE = 0.1;

	/** How much the rise grows with the distance from the knee. */
	private static final double RISE_FROM_KNEE = 0.2;

	/**
	 * The factor by which the knee falls at most. An event loop may be late below the
	 * knee for as long as it works on a backlog.
	 */
	private static final double KNEE_FALL = 0.7;

	/** The calls in a second; infinite if there is no limit. */
	private double rate = Double.POSITIVE_INFINITY;

	/** The rate does not fall below this value. */
	private double floor;

	/** The rate at which the event loop became late; 0 if that is not known. */
	private double knee;

	/** Whether the last change was a fall. */
	private boolean falling;

	/**
	 * Begins to limit.
	 * @param taken the calls in a second that the event loop has taken
	 * @param least the calls in a second that it always takes
	 */
	void begin(double taken, double least) {
		this.rate = taken;
		this.knee = taken;
		this.floor = Math.max(least, taken * LEAST_PART);
		this.falling = true;
	}

	/**
	 * Sets the rate to a value below which it never falls. The knee is not known after
	 * that.
	 */
	void hold(double least) {
		this.rate = least;
		this.knee = 0;
		this.floor = least;
		this.falling = true;
	}

	/**
	 * Lowers the rate.
	 * @param tooLate the delay of the event loop, as a multiple of the delay that is
	 * aimed at
	 */
	void fall(double tooLate) {
		if (!this.falling) {
			this.knee = Math.max(this.rate, this.knee * KNEE_FALL);
		}
		this.falling = true;
		this.rate = Math.max(this.floor, this.rate * Math.clamp(1 / tooLate, LARGE_FALL, SMALL_FALL));
	}

	/** Raises the rate. */
	void rise() {
		this.falling = false;
		double part = RISE_FROM_KNEE * Math.abs(this.rate / this.knee - 1);
		this.rate *= 1 + Math.clamp(part, SMALL_RISE, LARGE_RISE);
	}

	/** Ends the limit. */
	void end() {
		this.rate = Double.POSITIVE_INFINITY;
	}

	boolean isLimited() {
		return this.rate != Double.POSITIVE_INFINITY;
	}

	/** Whether the rate is the lowest one. */
	boolean isLeast() {
		return this.rate <= this.floor;
	}

	/** Returns the calls in a second; infinite if there is no limit. */
	double perSecond() {
		return this.rate;
	}

}
