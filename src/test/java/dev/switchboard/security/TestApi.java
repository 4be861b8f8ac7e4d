package dev.switchboard.security;

import java.security.Principal;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.handshake.AgentTlsSettings;
import dev.switchboard.problem.TestProblems;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;

/** The paths of the API, each answering with its caller's name, behind the filters. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(AgentTlsSettings.class)
@Import({ SecurityConfiguration.class, JwtConfiguration.class, TestApi.Controller.class })
public class TestApi {

	@Bean
	TimeSource timeSource() {
		return TimeSource.SYSTEM;
	}

	@Bean
	Chance chance() {
		return Chance.SYSTEM;
	}

	@Bean
	ConnectionRegistry connectionRegistry() {
		return new ConnectionRegistry();
	}

	@Bean
	WebExceptionHandler problemHandler() {
		return TestProblems.handler();
	}

	// In place of the indicators that the readiness probe names.

	@Bean
	HealthIndicator directoryHealthIndicator() {
		return () -> Health.up().build();
	}

	@Bean
	HealthIndicator forwardingHealthIndicator() {
		return () -> Health.up().build();
	}

	@Bean
	HealthIndicator overloadHealthIndicator() {
		return () -> Health.up().build();
	}

	@RestController
	static class Controller {

		@PostMapping({ "/v1/tenants/{tenant}/agents/{agent}/calls", "/v1/tenants/{tenant}/agents/{agent}/pushes",
				"/v1/tenants/{tenant}/fleet-calls", "/v1/tenants/{tenant}/fleet-pushes" })
		Mono<String> send(ServerWebExchange exchange) {
			return nameOf(exchange);
		}

		@GetMapping({ "/v1/tenants/{tenant}/agents", "/v1/tenants/{tenant}/agents/{agent}",
				"/v1/tenants/{tenant}/calls/{id}", "/v1/tenants/{tenant}/events", "/v1/nodes", "/docs", "/docs/docs.js",
				"/openapi.yaml", "/openapi.json", "/webjars/x.js", "/documents" })
		Mono<String> read(ServerWebExchange exchange) {
			return nameOf(exchange);
		}

		@DeleteMapping({ "/v1/tenants/{tenant}/calls/{id}", "/v1/tenants/{tenant}/agents/{agent}/connection" })
		Mono<String> delete(ServerWebExchange exchange) {
			return nameOf(exchange);
		}

		private static Mono<String> nameOf(ServerWebExchange exchange) {
			return exchange.getPrincipal().map(Principal::getName).defaultIfEmpty("nobody");
		}

	}

}
