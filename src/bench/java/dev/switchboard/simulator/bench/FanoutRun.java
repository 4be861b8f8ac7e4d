package dev.switchboard.simulator.bench;

import java.util.Locale;

/**
 * What it took to bring some messages to all agents.
 *
 * @param name how it was done
 * @param deliveries the messages that came, each counted at each agent
 * @param cost the time, and the CPU of the server
 */
record FanoutRun(String name, long deliveries, Cost cost) {

	double perSecond() {
		return this.cost.perSecond(this.deliveries);
	}

	double serverMicrosEach() {
		return this.cost.serverMicrosEach(this.deliveries);
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%s: %d in %.2f s, %,.0f a second; server CPU %.2f µs each", this.name,
				this.deliveries, this.cost.nanos() / 1e9, perSecond(), serverMicrosEach());
	}

}
