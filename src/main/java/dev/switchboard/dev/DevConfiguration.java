package dev.switchboard.dev;

import dev.switchboard.handshake.AgentAuthenticator;
import dev.switchboard.handshake.AgentServer;
import dev.switchboard.problem.FilterOrder;
import dev.switchboard.security.OriginSettings;
import dev.switchboard.security.SecuritySettings;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;

/**
 * Wires {@code dev} mode. In this mode everything is permitted, and by default the
 * listeners are on loopback only.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(prefix = SecuritySettings.PREFIX, name = "mode", havingValue = "dev", matchIfMissing = true)
@EnableConfigurationProperties(DevSettings.class)
class DevConfiguration {

	@Bean
	@Order(FilterOrder.SECURITY)
	WebFilterChainProxy openFilter(ServerWebExchangeFirewall firewall, ServerExchangeRejectedHandler rejected) {
		return new OpenFilter(firewall, rejected);
	}

	@Bean
	AgentAuthenticator agentAuthenticator(OriginSettings origins) {
		return new DevAgentAuthenticator(origins);
	}

	@Bean
	@ConditionalOnProperty(prefix = DevSettings.PREFIX, name = "bind-all")
	OpenListenersWarning openListenersWarning() {
		return new OpenListenersWarning();
	}

	@Bean
	SampleAgentsRunner sampleAgentsRunner(DevSettings settings, ObjectProvider<AgentServer> agentServer) {
		return new SampleAgentsRunner(settings, () -> agentServer.getObject().port());
	}

}
