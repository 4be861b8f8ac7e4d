package dev.switchboard.connection;

import java.util.List;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.SupersedeStreaks;
import dev.switchboard.label.Descriptions;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.NodeSettings;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the serving of sessions, the registry of connections, and their claims. */
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
	ConnectionDescriptions connectionDescriptions(Descriptions descriptions) {
		return new ConnectionDescriptions(descriptions);
	}

	@Bean
	UpstreamReceiver upstreamReceiver(ConnectionDescriptions descriptions, EventReceiver events,
			ObjectProvider<AckReceiver> acks, ObjectProvider<CredentialsReceiver> credentials,
			ConnectionMetrics metrics) {
		return new UpstreamFrames(descriptions, events, acks.getIfAvailable(() -> (_, _) -> metrics.ignoredFrame()),
				credentials.getIfAvailable(() -> (_, _) -> metrics.ignoredFrame()));
	}

	@Bean
	ClaimKeeper claimKeeper(ConnectionRegistry registry, AgentDirectory directory, DirectoryClock clock,
			ConnectionDescriptions descriptions, ObjectProvider<ConnectionListener> listeners, TimeSource time,
			Chance chance) {
		List<ConnectionListener> all = listeners.orderedStream().toList();
		return new ClaimKeeper(registry, directory, clock, (connection) -> {
			descriptions.claimed(connection);
			all.forEach((listener) -> listener.claimed(connection));
		}, time, chance);
	}

	@Bean(initMethod = "start", destroyMethod = "stop")
	OwnershipAfterAbsence ownership(NodeSettings settings, AgentDirectory directory, ClaimKeeper claims,
			TimeSource time) {
		return new OwnershipAfterAbsence(settings.lease(), directory, claims::claimAll, time);
	}

	@Bean
	AgentSessions agentSessions(ConnectionRegistry registry, ClaimKeeper claims, DirectoryClock clock, NodeId node,
			ConnectionSettings settings, InFlightSettings inFlight, RateSettings rates, ConnectionMetrics metrics,
			UpstreamReceiver upstream, SupersedeStreaks streaks, ObjectProvider<ConnectionListener> listeners,
			Ownership ownership, ByteBudget budget, MeterRegistry meters, TimeSource time, Chance chance) {
		List<ConnectionListener> all = listeners.orderedStream().toList();
		SupersededWatch superseded = new SupersededWatch(time, (connection) -> {
			streaks.extend(connection.agent(), connection.epoch());
			all.forEach((listener) -> listener.aliveWhenSuperseded(connection));
		});
		return new AgentSessions(registry, claims, clock, node, settings, inFlight, metrics, upstream, superseded, all,
				ownership, new LargestHolders(budget, meters), rates, time, chance);
	}

	@Bean(initMethod = "start", destroyMethod = "stop")
	ClaimAudit claimAudit(ConnectionRegistry registry, AgentDirectory directory, DirectoryClock clock,
			ClaimKeeper claims, MeterRegistry meters, Chance chance) {
		return new ClaimAudit(registry, directory, clock, claims, meters, chance);
	}

}
