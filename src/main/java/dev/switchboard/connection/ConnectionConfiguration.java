package dev.switchboard.connection;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the registry of connections and the keeping of their claims. */
@Configuration(proxyBeanMethods = false)
class ConnectionConfiguration {

	@Bean
	ConnectionRegistry connectionRegistry() {
		return new ConnectionRegistry();
	}

	@Bean
	ConnectionMetrics connectionMetrics(MeterRegistry meters, ConnectionRegistry registry) {
		return new ConnectionMetrics(meters, registry);
	}

	@Bean
	UpstreamReceiver upstreamReceiver(ConnectionMetrics metrics) {
		return new UnservedFrames(metrics);
	}

	@Bean
	ClaimKeeper claimKeeper(ConnectionRegistry registry, AgentDirectory directory, DirectoryClock clock,
			Chance chance) {
		return new ClaimKeeper(registry, directory, clock, chance);
	}

	@Bean(initMethod = "start", destroyMethod = "stop")
	ClaimAudit claimAudit(ConnectionRegistry registry, AgentDirectory directory, DirectoryClock clock,
			ClaimKeeper claims, MeterRegistry meters, Chance chance) {
		return new ClaimAudit(registry, directory, clock, claims, meters, chance);
	}

}
