package dev.switchboard.listener;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * Wires the gate of the management port. Spring Boot gives this port a context of its
 * own, which takes its configuration from a list in {@code META-INF/spring}, and a server
 * that no customizer of the API port's reaches. The class has no annotation, so that a
 * scan for components does not find it for the API port.
 */
class ManagementGate {

	@Bean
	@ConditionalOnBean(HttpGates.class)
	WebServerFactoryCustomizer<NettyReactiveWebServerFactory> managementGate(HttpGates gates) {
		return (factory) -> factory.addServerCustomizers(
				(server) -> server.doOnChannelInit((_, channel, _) -> gates.guardHalfClosed(channel, "management")));
	}

}
