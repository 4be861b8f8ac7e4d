package dev.switchboard.quota;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the budget of bytes. */
@Configuration(proxyBeanMethods = false)
class BudgetConfiguration {

	@Bean
	ByteBudget byteBudget(BudgetSettings settings, MeterRegistry meters) {
		ByteBudget budget = new ByteBudget(settings.limit(), settings.limitOfTenant());
		BudgetMetrics.register(budget, meters);
		return budget;
	}

}
