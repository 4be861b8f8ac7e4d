package dev.switchboard.listener;

import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Wires the gate of the API port. {@link ManagementGate} wires the gate of the management
 * port. The agent port's server adds its own gate.
 */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

	@Bean
	HttpGates httpGates(MeterRegistry meters, TimeSource time, ObjectProvider<CallAdmission.Loops> admissions,
			Chance chance) {
		return new HttpGates(meters, time, admissions.getIfAvailable(() -> CallAdmission.Loops.ALWAYS), chance);
	}

	@Bean
	ApiConnections apiConnections() {
		return new ApiConnections();
	}

	@Bean
	NettyServerCustomizer apiGate(HttpGates gates, ApiConnections connections) {
		return (server) -> server.doOnChannelInit((_, channel, _) -> gates.guardApi(channel, connections));
	}

}
