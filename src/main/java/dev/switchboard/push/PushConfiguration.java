package dev.switchboard.push;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.GatewayEvents;
import dev.switchboard.database.Database;
import dev.switchboard.database.Deletion;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.DirectoryQueries;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.NodeQuestion;
import dev.switchboard.tenant.Admittance;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.Quotas;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.quota.TenantQuotas;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires durable pushes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PushSettings.class)
class PushConfiguration {

	@Bean
	DurablePushMetrics durablePushMetrics(MeterRegistry meters) {
		return new DurablePushMetrics(meters);
	}

	@Bean
	PushMarks pushMarks(Database database, DurablePushMetrics metrics, Chance chance) {
		return new PushMarks(database, metrics, chance);
	}

	@Bean
	PushSender pushSender(ConnectionRegistry registry, Database database, PushSettings settings, PushMarks marks,
			DurablePushMetrics metrics, Chance chance) {
		return new PushSender(registry, database, settings, marks, metrics, chance);
	}

	@Bean
	PushNotices pushNotices(NodeId self, PushSender sender, AgentDirectory directory, Forwarder forwarder,
			PushMarks marks, DurablePushMetrics metrics, Chance chance) {
		PushNotices notices = new PushNotices(self, sender,
				(agents) -> directory.findAll(agents, DirectoryQueries.LONGEST_SILENCE), forwarder, marks, metrics,
				chance);
		sender.onAbandoned((agent) -> notices.add(new PushNotice(agent, null)));
		return notices;
	}

	@Bean
	NodeQuestion pushesQuestion(PushNotices notices) {
		return new NodeQuestion(PushNotices.KIND, notices::receive);
	}

	@Bean
	PushSweep pushSweep(Database database, PushNotices notices, Chance chance) {
		return new PushSweep(database, notices, chance);
	}

	@Bean
	DurablePushes durablePushes(Database database, AgentDirectory directory, ConnectionRegistry registry,
			Admittance admittance, PushSettings settings, PushNotices notices, DurablePushMetrics metrics,
			TenantLimits limits, TenantQuotas quotas, TimeSource time) {
		return new DurablePushes(database, directory, registry, admittance, settings,
				new TenantAmounts((tenant) -> limit(settings, quotas.of(tenant)),
						() -> limits.count(Quota.DURABLE_PUSHES), time),
				notices, metrics);
	}

	/** Returns the most pushes that may wait for the agents of a tenant. */
	private static int limit(PushSettings settings, Quotas quotas) {
		return (int) Math.min(settings.maxWaitingPerTenant(), quotas.of(Quota.DURABLE_PUSHES));
	}

	@Bean
	Deletion expiredPushes(GatewayEvents events, DurablePushMetrics metrics) {
		return new PushExpiry(events, metrics);
	}

	@Bean
	Deletion endedPushes() {
		return PushExpiry::remove;
	}

}
