package dev.switchboard.quota;

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

}
