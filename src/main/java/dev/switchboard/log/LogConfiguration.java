package dev.switchboard.log;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the metric of the log. */
@Configuration(proxyBeanMethods = false)
class LogConfiguration {

	@Bean
	MeterBinder discardedLogEvents() {
		return (registry) -> FunctionCounter.builder("switchboard.log.discarded", this, (_) -> UnblockedLog.discarded())
			.description("Log events that were not written: the output took none, or a library had too many")
			.register(registry);
	}

	@Bean
	MeterBinder discardedAuditLines() {
		return (registry) -> FunctionCounter
			.builder("switchboard.audit.discarded", this, (_) -> UnblockedLog.discardedOfAudit())
			.description("Lines of the audit that were not written, because the output took none")
			.register(registry);
	}

}
