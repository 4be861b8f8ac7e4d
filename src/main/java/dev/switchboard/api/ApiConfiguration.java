package dev.switchboard.api;

import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.accept.RequestedContentTypeResolverBuilder;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** Wires the parts of the API that are not controllers. */
@Configuration(proxyBeanMethods = false)
class ApiConfiguration {

	@Bean
	ApiMetrics apiMetrics(MeterRegistry registry) {
		return new ApiMetrics(registry);
	}

	@Bean
	PushMetrics pushMetrics(MeterRegistry registry) {
		return new PushMetrics(registry);
	}

	@Bean
	WebFluxConfigurer acceptResolver() {
		return new WebFluxConfigurer() {

			@Override
			public void configureContentTypeResolver(RequestedContentTypeResolverBuilder builder) {
				builder.resolver(new AcceptResolver());
			}

		};
	}

	@Bean
	MessageQuotas messageQuotas(TenantLimits limits, ConnectionSettings connections) {
		return new MessageQuotas(limits, connections.maxFrameBytes());
	}

	@Bean
	CallReader callReader(CallSettings settings, ConnectionSettings connections, ByteBudget budget,
			MessageQuotas quotas, Chance chance) {
		return new CallReader(new CallHeaders(settings), connections.maxFrameBytes(), budget, quotas, chance);
	}

}
