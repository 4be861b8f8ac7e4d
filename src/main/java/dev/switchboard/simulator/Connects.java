package dev.switchboard.simulator;

import java.util.Locale;

/**
 * How fast a fleet connected, as it is printed.
 *
 * @param agents how many
 * @param cost what it took until the last of them was there
 */
record Connects(int agents, Cost cost) {

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "connected %d in %.2f s (%.0f a second); %s", this.agents,
				this.cost.nanos() / 1e9, this.cost.perSecond(this.agents), this.cost.each(this.agents));
	}

}
