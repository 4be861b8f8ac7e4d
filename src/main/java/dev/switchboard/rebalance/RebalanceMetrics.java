package dev.switchboard.rebalance;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Measures rebalances, as this node sees them. */
record RebalanceMetrics(Rebalance rebalance, RebalanceState state, double threshold) implements MeterBinder {

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("switchboard.rebalance.running", () -> this.state.isGoingOn() ? 1 : 0)
			.description("1 while a rebalance goes on, 0 otherwise")
			.register(registry);
		Gauge.builder("switchboard.rebalance.spread", this::spread)
			.description("The largest difference of a node from its level, as a part of the mean of all nodes")
			.register(registry);
		Gauge.builder("switchboard.rebalance.threshold", this::threshold)
			.description("The difference beyond which a rebalance begins (switchboard.rebalance.threshold)")
			.register(registry);
	}

	private double spread() {
		RebalancePlan plan = this.rebalance.plan();
		return (plan != null) ? plan.spread() : 0;
	}

}
