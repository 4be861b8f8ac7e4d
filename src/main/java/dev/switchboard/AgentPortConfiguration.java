package dev.switchboard;

import java.util.List;

import dev.switchboard.connection.AgentEndpoint;
import dev.switchboard.connection.AgentServer;
import dev.switchboard.connection.AgentSettings;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.transport.TakeoverUpgradeStrategy;
import dev.switchboard.transport.TransportSettings;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/** Puts the agent port together: its filters, its one resource, and the transport. */
@Configuration(proxyBeanMethods = false)
class AgentPortConfiguration {

	@Bean
	WebSocketService agentWebSocketService(AgentSettings settings) {
		return new HandshakeWebSocketService(
				new TakeoverUpgradeStrategy(new TransportSettings(Math.toIntExact(settings.maxFrame().toBytes()))));
	}

	@Bean
	AgentServer agentServer(AgentSettings settings, AgentEndpoint endpoint, ConnectionRegistry registry,
			ReactorResourceFactory resources, List<WebFilter> filters) {
		HttpHandler handler = WebHttpHandlerBuilder.webHandler(endpoint).build();
		return new AgentServer(settings, handler, endpoint, registry, resources.getLoopResources());
	}

}
