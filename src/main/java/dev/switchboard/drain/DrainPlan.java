package dev.switchboard.drain;

import java.time.Duration;
import java.time.Instant;

/**
 * How long each part of a drain may take.
 *
 * @param announce how long readiness is off before agents are asked to move
 * @param move how long agents may take to move, and calls to end
 * @param finish how long the calls of agents that did not move may take
 * @param until when the drain ends at the latest, by the directory's clock
 * @param ending whether the process ends after the drain
 */
record DrainPlan(Duration announce, Duration move, Duration finish, Instant until, boolean ending) {

	private static final Duration LONGEST_FINISH = Duration.ofSeconds(5);

	/**
	 * Divides the time of a drain.
	 * @param announce the configured time of the announcement; at most half of the
	 * drain's time is used for it
	 * @param now the directory's time
	 */
	static DrainPlan of(Duration within, Duration announce, Instant now, boolean ending) {
		Duration first = shorter(announce, within.dividedBy(2));
		Duration last = shorter(within.dividedBy(10), LONGEST_FINISH);
		return new DrainPlan(first, within.minus(first).minus(last), last, now.plus(within), ending);
	}

	/**
	 * Returns the same plan without its announcement, for a drain that was announced
	 * before.
	 */
	DrainPlan announced() {
		return new DrainPlan(Duration.ZERO, this.move, this.finish, this.until, this.ending);
	}

	/**
	 * Returns the time in which all agents are to be asked to move. It is shorter than
	 * {@link #move}, since the agents asked last need time to move, too.
	 */
	Duration ask() {
		return this.move.multipliedBy(2).dividedBy(3);
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
