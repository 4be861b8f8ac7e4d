package dev.switchboard.listener;

import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOption;

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

	/**
	 * How many connections the API accepts in one turn of an event loop. With Netty's 16,
	 * an event loop whose turns are long accepts so few connections that calls on new
	 * ones wait for seconds, instead of being answered or refused.
	 */
	private static final int ACCEPTED_IN_A_TURN = 256;

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
	@SuppressWarnings("deprecation") // The other way replaces Netty's allocator of the
										// listening channel.
	NettyServerCustomizer apiGate(HttpGates gates, ApiConnections connections) {
		return (server) -> server.option(ChannelOption.MAX_MESSAGES_PER_READ, ACCEPTED_IN_A_TURN)
			.doOnChannelInit((_, channel, _) -> gates.guardApi(channel, connections));
	}

}
