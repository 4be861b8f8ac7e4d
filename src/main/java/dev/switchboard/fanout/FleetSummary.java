package dev.switchboard.fanout;

import java.util.EnumMap;
import java.util.Map;

import dev.switchboard.problem.Outcome;

/**
 * What came of a fleet call. Immutable.
 *
 * @param agents the number of agents
 * @param outcomes how many agents ended with each outcome
 * @param millis how long it took
 */
public record FleetSummary(int agents, Map<Outcome, Integer> outcomes, long millis) {

	public FleetSummary {
		outcomes = Map.copyOf(outcomes);
	}

	/** Returns how many agents ended with this outcome. */
	public int count(Outcome outcome) {
		return this.outcomes.getOrDefault(outcome, 0);
	}

	/** Counts agents by their outcomes. Not thread-safe. */
	static final class Counts {

		private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

		private int all;

		void add(Outcome outcome) {
			this.counts.merge(outcome, 1, Integer::sum);
			this.all++;
		}

		/** Returns how many agents have ended. */
		int all() {
			return this.all;
		}

		/** Returns how many agents have ended without success. */
		int failures() {
			return this.all - this.counts.getOrDefault(Outcome.COMPLETED, 0);
		}

		FleetSummary summary(long millis) {
			return new FleetSummary(this.all, this.counts, millis);
		}

	}

}
