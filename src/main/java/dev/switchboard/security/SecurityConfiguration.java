package dev.switchboard.security;

import dev.switchboard.forwarding.SecretPolicy;
import dev.switchboard.problem.ProblemException;
import reactor.core.publisher.Mono;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;

/**
 * Wires the parts that both modes have. {@link JwtConfiguration} adds the parts of {@code
 * jwt} mode.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ SecuritySettings.class, OriginSettings.class })
class SecurityConfiguration {

	@Bean
	BrowserFilter browserFilter(OriginSettings origins, SecuritySettings security) {
		origins.requireSafeIn(security.mode());
		return new BrowserFilter(origins, security);
	}

	@Bean
	SecurityHeaders securityHeaders() {
		return new SecurityHeaders();
	}

	@Bean
	SecretPolicy secretPolicy(SecuritySettings security) {
		return new SecretPolicy(security.mode() != SecuritySettings.Mode.DEV);
	}

	@Bean
	ServerWebExchangeFirewall firewall() {
		return new PathFirewall();
	}

	@Bean
	ServerExchangeRejectedHandler rejectedHandler() {
		return (_, _) -> Mono.error(ProblemException.invalid("The path is not in its normal form"));
	}

}
