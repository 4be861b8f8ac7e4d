package dev.switchboard.tenant;

import java.time.Duration;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.GatewayEvents;
import dev.switchboard.database.Database;
import dev.switchboard.database.Deletion;
import dev.switchboard.handshake.AgentCheck;
import dev.switchboard.handshake.HandshakeObstacle;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.quota.KnownQuotas;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Wires the revocations of agents and the settings of tenants. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(KnowledgeSettings.class)
class TenantConfiguration {

	/** Agents that come before the node knows who is revoked return within this time. */
	private static final Duration START_RETRY = Duration.ofSeconds(2);

	@Bean
	Admittance admittance() {
		return new Admittance();
	}

	@Bean
	Knowledge tenantKnowledge(Admittance admittance, KnownQuotas quotas, ConnectionRegistry registry) {
		return new Knowledge(admittance, quotas, registry);
	}

	@Bean(destroyMethod = "stop")
	ChangeFeed changeFeed(Database database, Knowledge knowledge, Admittance admittance, KnowledgeSettings settings,
			MeterRegistry meters, TimeSource time, Chance chance) {
		return new ChangeFeed(new ChangeReader(database, knowledge), new TenantMetrics(meters, admittance),
				settings.startWait(), time, chance);
	}

	/**
	 * Begins to read when all beans are there. A statement may need beans that are made
	 * late, and another thread must not make them while the context starts.
	 */
	@Bean
	SmartInitializingSingleton changeFeedStart(ChangeFeed feed) {
		return feed::start;
	}

	@Bean
	HandshakeObstacle unknownRevocations(ChangeFeed feed) {
		return new HandshakeObstacle() {

			@Override
			public boolean isThere() {
				return feed.isStarting();
			}

			@Override
			public Duration retryWithin() {
				return START_RETRY;
			}

		};
	}

	/** Comes first: agents that are kept out use nothing of a quota. */
	@Bean
	@Order(0)
	AgentCheck keptOutAgents(Admittance admittance) {
		return admittance::require;
	}

	@Bean
	Revocations revocations(Database database, Knowledge knowledge, GatewayEvents events, KnowledgeSettings settings,
			DirectoryClock clock) {
		return new Revocations(database, knowledge, events, settings.maxRevocations(), clock::now);
	}

	@Bean
	Tenants tenants(Database database, Knowledge knowledge, KnowledgeSettings settings) {
		return new Tenants(database, knowledge, settings.maxSettings());
	}

	@Bean
	Deletion oldRevocations() {
		return RevocationTable::removeOld;
	}

}
