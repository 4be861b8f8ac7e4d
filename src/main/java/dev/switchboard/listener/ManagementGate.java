package dev.switchboard.listener;

import dev.switchboard.loop.EventLoops;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * Wires the event loop and the gate of the management port. Spring Boot gives this port a
 * context of its own, which takes its configuration from a list in
 * {@code META-INF/spring}. It also gives the port a server of its own, which the
 * customizers of the API port's server do not reach. The class has no annotation, so that
 * a scan for components does not find it for the API port.
 */
class ManagementGate {

	@Bean(destroyMethod = "dispose")
	LoopResources managementLoops() {
		return EventLoops.forManagement();
	}

	@Bean
	@ConditionalOnBean(HttpGates.class)
	WebServerFactoryCustomizer<NettyReactiveWebServerFactory> managementGate(HttpGates gates, LoopResources loops) {
		return (factory) -> factory.addServerCustomizers(
				(server) -> server.runOn(loops).doOnChannelInit((_, channel, _) -> gates.guardManagement(channel)));
	}

}
