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
	PortGuards portGuards(ListenerSettings settings, MeterRegistry meters, Chance chance, TimeSource time) {
		return new PortGuards(settings, DescriptorReserve.ofProcess(), meters, chance, time);
	}

	@Bean
	HttpGates httpGates(MeterRegistry meters, TimeSource time, ObjectProvider<CallAdmission.Loops> admissions,
			Chance chance, PortGuards ports) {
		return new HttpGates(meters, time, admissions.getIfAvailable(() -> CallAdmission.Loops.ALWAYS), chance, ports);
	}

	@Bean
	ApiConnections apiConnections() {
		return new ApiConnections();
	}

	@Bean
	@SuppressWarnings("deprecation") // The other way replaces Netty's allocator of the
										// listening channel.
	NettyServerCustomizer apiGate(HttpGates gates, ApiConnections connections, PortGuards ports) {
		return (server) -> server.option(ChannelOption.MAX_MESSAGES_PER_READ, ACCEPTED_IN_A_TURN)
			.doOnBound((listening) -> ports.guardApiPort(listening.channel()))
			.doOnChannelInit((_, channel, _) -> gates.guardApi(channel, connections));
	}

}
