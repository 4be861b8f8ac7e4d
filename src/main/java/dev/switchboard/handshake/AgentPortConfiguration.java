package dev.switchboard.handshake;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.transport.TakeoverUpgradeStrategy;
import dev.switchboard.transport.TransportSettings;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/** Puts the agent port together: its one resource over its transport. */
@Configuration(proxyBeanMethods = false)
class AgentPortConfiguration {

	@Bean
	TakeoverUpgradeStrategy agentUpgrades(ConnectionSettings settings) {
		return new TakeoverUpgradeStrategy(new TransportSettings(settings.maxFrameBytes()));
	}

	@Bean
	AgentServer agentServer(AgentPortSettings settings, AgentEndpoint endpoint, ConnectionRegistry registry,
			ReactorResourceFactory resources, TakeoverUpgradeStrategy upgrades, AcceptFailures acceptFailures) {
		HttpHandler handler = WebHttpHandlerBuilder.webHandler(endpoint).build();
		return new AgentServer(settings, handler, endpoint, registry, resources.getLoopResources(),
				upgrades::openSessions, acceptFailures);
	}

}
