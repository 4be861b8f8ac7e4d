package dev.switchboard.quota;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of the budget. */
final class BudgetMetrics {

	private BudgetMetrics() {
	}

	static void register(ByteBudget budget, MeterRegistry meters) {
		for (BudgetKind kind : BudgetKind.values()) {
			Gauge.builder("switchboard.budget", budget, (of) -> of.held(kind))
				.description("Bytes that this node holds for its peers, by what they are held for")
				.baseUnit("bytes")
				.tag("kind", kind.text())
				.register(meters);
		}
		Gauge.builder("switchboard.budget.limit", budget, ByteBudget::limit)
			.description("Bytes that this node may hold for its peers")
			.baseUnit("bytes")
			.register(meters);
		refused(budget, true, "tenant", meters);
		refused(budget, false, "node", meters);
	}

	private static void refused(ByteBudget budget, boolean byTenant, String limit, MeterRegistry meters) {
		FunctionCounter.builder("switchboard.budget.refused", budget, (of) -> of.refused(byTenant))
			.description("Requests that were refused because a tenant's share or the node's budget was used up")
			.tag("limit", limit)
			.register(meters);
	}

}
