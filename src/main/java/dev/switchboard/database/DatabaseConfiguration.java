package dev.switchboard.database;

import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Wires the database: the one at {@code spring.r2dbc.url}, or one in memory if that is
 * not set. Since a pool is a bean here, Spring Boot makes no pool of its own.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ DatabaseSettings.class, PoolSettings.class })
class DatabaseConfiguration {

	/**
	 * The connections for upkeep: two for heartbeats, one for a batch of claims, one for
	 * the release of dead nodes' claims or for retention.
	 */
	private static final int UPKEEP_POOL = 4;

	/** The connections for the event log: one that writes, and the others that read. */
	private static final int LOG_POOL = 4;

	@Bean
	DatabasePlace databasePlace(DatabaseSettings settings) {
		return DatabaseConnections.place(settings);
	}

	@Bean(destroyMethod = "")
	DirectoryPool connectionFactory(DatabaseSettings settings, PoolSettings pool,
			ObjectProvider<CredentialsSource> credentials, TimeSource time, Chance chance) {
		CredentialsSource source = credentials.getIfAvailable();
		ConnectionFactory connections = (source != null) ? DatabaseConnections.renewed(settings, source, time)
				: DatabaseConnections.of(settings, chance);
		return DatabaseConnections.pool(connections, pool.poolSize(), time, chance);
	}

	@Bean
	DatabaseMetrics databaseMetrics(MeterRegistry registry, TimeSource time) {
		return new DatabaseMetrics(registry, time);
	}

	@Bean
	Database database(DirectoryPool requests, DatabasePlace place, DatabaseMetrics metrics, TimeSource time,
			Chance chance) {
		ConnectionFactory connections = requests.unwrap();
		Scheduler scheduler = DatabaseConnections.isEmbedded(connections) ? Schedulers.boundedElastic()
				: Schedulers.immediate();
		return new Database(requests, DatabaseConnections.pool(connections, UPKEEP_POOL, time, chance),
				DatabaseConnections.pool(connections, LOG_POOL, time, chance), place, scheduler, metrics, time, chance);
	}

	@Bean
	Retention retention(Database database, ObjectProvider<Deletion> deletions, Chance chance) {
		return new Retention(database, deletions.orderedStream().toList(), chance);
	}

}
