package dev.switchboard.security;

import dev.switchboard.connection.AgentAuthenticator;
import dev.switchboard.protocol.Problem;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;

/** What both modes have, and {@code dev} mode; {@link JwtConfiguration} is the other. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ SecuritySettings.class, OriginSettings.class })
class SecurityConfiguration {

	@Bean
	BrowserFilter browserFilter(OriginSettings origins, SecuritySettings security) {
		return new BrowserFilter(origins, security);
	}

	@Bean
	ServerWebExchangeFirewall firewall() {
		return new PathFirewall();
	}

	@Bean
	ServerExchangeRejectedHandler rejectedHandler() {
		return (exchange, rejection) -> ProblemWriter.write(exchange, Problem.INVALID_REQUEST,
				"the path is not in its normal form");
	}

	/** Everything is permitted; the filter above sees to who can ask. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(prefix = SecuritySettings.PREFIX, name = "mode", havingValue = "dev", matchIfMissing = true)
	static class DevConfiguration {

		@Bean
		WebFilterChainProxy openFilter(ServerWebExchangeFirewall firewall, ServerExchangeRejectedHandler rejected) {
			return new OpenFilter(firewall, rejected);
		}

		@Bean
		AgentAuthenticator agentAuthenticator(OriginSettings origins) {
			return new DevAgentAuthenticator(origins);
		}

	}

}
