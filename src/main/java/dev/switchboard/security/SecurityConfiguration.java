package dev.switchboard.security;

import java.util.List;

import dev.switchboard.connection.AgentAuthenticator;
import dev.switchboard.protocol.Problem;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.server.MatcherSecurityWebFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.server.WebFilter;

/** What both modes have, and {@code dev} mode; {@link JwtConfiguration} is the other. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ SecuritySettings.class, OriginSettings.class })
class SecurityConfiguration {

	@Bean
	BrowserFilter browserFilter(OriginSettings origins, SecuritySettings security) {
		return new BrowserFilter(origins, security);
	}

	/**
	 * Refuses paths that could be read in two ways. The methods are left to controllers
	 * (405), and the headers to Netty, which has refused control characters in them
	 * already: the decorator that would check them again at every read is dropped.
	 */
	@Bean
	ServerWebExchangeFirewall firewall() {
		StrictServerWebExchangeFirewall strict = new StrictServerWebExchangeFirewall();
		strict.setUnsafeAllowAnyHttpMethod(true);
		return (exchange) -> strict.getFirewalledExchange(exchange).thenReturn(exchange);
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
		SecurityWebFilterChain openFilterChain() {
			WebFilter open = (exchange, chain) -> chain.filter(exchange);
			return new MatcherSecurityWebFilterChain(ServerWebExchangeMatchers.anyExchange(), List.of(open));
		}

		@Bean
		AgentAuthenticator agentAuthenticator(OriginSettings origins) {
			return new DevAgentAuthenticator(origins);
		}

	}

}
