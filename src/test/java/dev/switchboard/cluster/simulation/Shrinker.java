package dev.switchboard.cluster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes a life smaller that breaks a rule, as long as it breaks the same rule: leaves out
 * faults, by halves first and one by one at last, then calls, agents, event loops and
 * seconds, and makes faults shorter.
 */
final class Shrinker {

	private static final int MOST_LIVES = 400;

	private final Predicate<LifePlan> breaks;

	private int lives;

	/**
	 * @param breaks lives a life, and says whether it breaks the rule
	 */
	Shrinker(Predicate<LifePlan> breaks) {
		this.breaks = breaks;
	}

	/** Returns the smallest life that was found. */
	LifePlan shrink(LifePlan plan) {
		LifePlan smaller = plan;
		LifePlan before;
		do {
			before = smaller;
			smaller = withFewerFaults(smaller);
			smaller = sized(smaller);
			smaller = withShorterFaults(smaller);
		}
		while (!smaller.equals(before) && this.lives < MOST_LIVES);
		return smaller;
	}

	private boolean breaks(LifePlan plan) {
		return this.lives++ < MOST_LIVES && this.breaks.test(plan);
	}

	private LifePlan withFewerFaults(LifePlan plan) {
		LifePlan smaller = plan;
		for (int size = Math.max(1, plan.faults().size() / 2); size > 0; size /= 2) {
			for (int from = 0; from < smaller.faults().size();) {
				List<Fault> left = new ArrayList<>(smaller.faults());
				left.subList(from, Math.min(left.size(), from + size)).clear();
				if (breaks(smaller.with(left))) {
					smaller = smaller.with(left);
				}
				else {
					from += size;
				}
			}
		}
		return smaller;
	}

	private LifePlan sized(LifePlan plan) {
		LifePlan smaller = plan;
		smaller = tried(smaller, (life) -> life.sized(1, life.agents(), life.calls(), life.seconds()));
		smaller = tried(smaller,
				(life) -> life.sized(life.loops(), Math.max(2, life.agents() / 2), life.calls(), life.seconds()));
		smaller = tried(smaller,
				(life) -> life.sized(life.loops(), life.agents(), Math.max(2, life.calls() / 2), life.seconds()));
		return tried(smaller, (life) -> life.sized(life.loops(), life.agents(), life.calls(),
				Math.max(lastFault(life), life.seconds() / 2)));
	}

	/** Returns the second after the beginning of the last fault. */
	private static int lastFault(LifePlan life) {
		return life.faults().isEmpty() ? 4 : (int) (life.faults().getLast().at() / 1_000) + 2;
	}

	private LifePlan withShorterFaults(LifePlan plan) {
		LifePlan smaller = plan;
		for (int i = 0; i < smaller.faults().size(); i++) {
			int index = i;
			smaller = tried(smaller, (life) -> {
				Fault fault = life.faults().get(index);
				List<Fault> faults = new ArrayList<>(life.faults());
				faults.set(index,
						new Fault(fault.at(), fault.kind(), fault.target(), fault.millis() - fault.millis() / 3));
				return life.with(faults);
			});
		}
		return smaller;
	}

	/**
	 * Returns the smaller life if it is one, has all that its faults hit, and breaks the
	 * rule.
	 */
	private LifePlan tried(LifePlan plan, Function<LifePlan, LifePlan> change) {
		LifePlan smaller = change.apply(plan);
		return (!smaller.equals(plan) && smaller.isSound() && breaks(smaller)) ? smaller : plan;
	}

}
