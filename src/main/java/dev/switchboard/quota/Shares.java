package dev.switchboard.quota;

import java.util.Arrays;
import java.util.List;

/**
 * Divides a quota among nodes. All nodes that know the same uses get the same result, and
 * the shares together are the quota.
 */
final class Shares {

	/** Absorbs the errors of sums of fractions before they are rounded down. */
	private static final double ROUNDING = 1e-6;

	private Shares() {
	}

	/**
	 * Divides the quota fairly (max-min fairness). A node that asks for little gets that
	 * much, and the others divide the rest equally. If less is asked for than there is,
	 * the surplus is divided equally, too.
	 * @param asked how much is asked for on each node
	 */
	static double[] fair(double quota, double[] asked) {
		double[] ascending = asked.clone();
		Arrays.sort(ascending);
		double left = quota;
		double level = Double.POSITIVE_INFINITY;
		for (int i = 0; i < ascending.length && level == Double.POSITIVE_INFINITY; i++) {
			double equal = left / (ascending.length - i);
			if (ascending[i] > equal) {
				level = equal;
			}
			else {
				left -= ascending[i];
			}
		}
		double most = level;
		double surplus = (level == Double.POSITIVE_INFINITY) ? left / asked.length : 0;
		return Arrays.stream(asked).map((each) -> Math.min(each, most) + surplus).toArray();
	}

	/**
	 * Divides places, some of which are held. A place that is held on one node is not
	 * given to another one before it is free. The free places go to the nodes that have
	 * less than their fair share.
	 * @return whole numbers
	 */
	static double[] ofPlaces(double quota, List<Use> uses) {
		double[] shares = fair(quota, uses.stream().mapToDouble(Use::asked).toArray());
		double free = quota;
		double wanted = 0;
		for (int i = 0; i < shares.length; i++) {
			double held = uses.get(i).held();
			free -= held;
			wanted += Math.max(0, shares[i] - held);
		}
		double given = (wanted > 0) ? Math.clamp(free / wanted, 0, 1) : 0;
		for (int i = 0; i < shares.length; i++) {
			double held = uses.get(i).held();
			shares[i] = (shares[i] > held) ? held + (shares[i] - held) * given : shares[i];
		}
		return whole(shares);
	}

	/** Rounds so that the sum of the shares does not change by one or more. */
	private static double[] whole(double[] shares) {
		double[] rounded = new double[shares.length];
		double sum = 0;
		double before = 0;
		for (int i = 0; i < shares.length; i++) {
			sum += shares[i];
			double floor = Math.floor(sum + ROUNDING);
			rounded[i] = floor - before;
			before = floor;
		}
		return rounded;
	}

}
