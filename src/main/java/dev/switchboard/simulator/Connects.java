package dev.switchboard.simulator;

import java.util.Locale;

import dev.switchboard.simulator.bench.Cost;

/**
 * Says how fast the agents connected; printed as one line.
 *
 * @param agents the number of agents
 * @param cost the time and the CPU until the last agent was connected
 */
public record Connects(int agents, Cost cost) {

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "connected %d in %.2f s (%.0f a second); %s", this.agents,
				this.cost.nanos() / 1e9, this.cost.perSecond(this.agents), this.cost.each(this.agents));
	}

}
