package dev.switchboard.listener;

import java.net.InetSocketAddress;

import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Wires the gates of the API and management ports; the agent port's own server adds its
 * gate itself.
 */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

	@Bean
	HttpGates httpGates(MeterRegistry meters, TimeSource time) {
		return new HttpGates(meters, time);
	}

	/**
	 * Makes a customizer that adds the gates. Spring Boot applies it to the servers of
	 * both ports.
	 */
	@Bean
	NettyServerCustomizer gateCustomizer(HttpGates gates, Environment environment) {
		return (server) -> server.doOnChannelInit((_, channel, _) -> gates.guardHalfClosed(channel,
				isManagement(channel, environment) ? "management" : "api"));
	}

	private static boolean isManagement(Channel channel, Environment environment) {
		return channel.localAddress() instanceof InetSocketAddress local
				&& Integer.toString(local.getPort()).equals(environment.getProperty("local.management.port"));
	}

}
