package dev.switchboard.quota;

/** Measures and limits how much of one quota one tenant uses on this node. */
sealed interface Meter permits RateMeter, Occupancy {

	/** Returns the use in the last period. */
	Use use();

	/**
	 * Ends a period.
	 * @param seconds the length of the period
	 * @param quota the quota, which is the most that a use counts for
	 * @return whether the quota was used in it
	 */
	boolean endPeriod(double seconds, double quota);

	/**
	 * Returns a mean that follows a rise at once, and a fall within a few periods.
	 */
	static double mean(double before, double latest, double most) {
		return Math.min(Math.max(latest, (before + 3 * latest) / 4), most);
	}

	/** Sets how much may be used on this node. */
	void setShare(double share);

}
