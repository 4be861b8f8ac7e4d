package dev.switchboard.security;

import dev.switchboard.forwarding.SecretPolicy;
import dev.switchboard.handshake.AgentAuthenticator;
import dev.switchboard.handshake.AgentTlsSettings;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.TimeSource;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
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
	@Primary
	AgentAuthenticator certificateAuthenticator(@Qualifier("agentAuthenticator") AgentAuthenticator tokens,
			AgentTlsSettings tls, OriginSettings origins, SecuritySettings security, TimeSource time) {
		return tls.asksForCertificates() ? new CertificateAuthenticator(tokens, origins, security.mode(), time)
				: tokens;
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
