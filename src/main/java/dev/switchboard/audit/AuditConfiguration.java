package dev.switchboard.audit;

import dev.switchboard.problem.FilterOrder;
import dev.switchboard.time.TimeSource;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.WebFilter;

/** Wires the audit. Its filters are there only while it is on. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuditSettings.class)
class AuditConfiguration {

	@Bean
	@ConditionalOnProperty(prefix = AuditSettings.PREFIX, name = "enabled")
	AuditFilter auditFilter(TimeSource time) {
		return new AuditFilter(time);
	}

	/** Comes after Spring Security, whose filters would hide the exchange again. */
	@Bean
	@Order(FilterOrder.AUDITED)
	@ConditionalOnProperty(prefix = AuditSettings.PREFIX, name = "enabled")
	WebFilter auditedExchanges() {
		return (exchange, chain) -> chain.filter(AuditedExchange.of(exchange));
	}

}
