package dev.switchboard.quota;

import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the quotas of tenants. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(QuotaSettings.class)
class QuotaConfiguration {

	@Bean
	KnownQuotas knownQuotas(QuotaSettings settings) {
		return new KnownQuotas(settings.quotas());
	}

	@Bean
	TenantLimits tenantLimits(TenantQuotas quotas, MeterRegistry meters, TimeSource time) {
		TenantLimits limits = new TenantLimits(quotas, time);
		QuotaMetrics.register(limits, meters);
		return limits;
	}

}
