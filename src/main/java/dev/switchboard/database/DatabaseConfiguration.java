package dev.switchboard.database;

import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Wires the database: the one at {@code spring.r2dbc.url}, or else one in memory. The
 * pool is a bean, so Boot makes none.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ DatabaseSettings.class, PoolSettings.class })
class DatabaseConfiguration {

	/** Two for heartbeats, one for a batch of claims, one for expiry or retention. */
	private static final int UPKEEP_POOL = 4;

	@Bean(destroyMethod = "")
	ConnectionPool connectionFactory(DatabaseSettings settings, PoolSettings pool) {
		String url = settings.url();
		ConnectionFactory connections = (url == null || url.isEmpty()) ? DirectoryConnections.embedded()
				: DirectoryConnections.at(url, settings.username(), settings.password());
		return DirectoryConnections.pool(connections, pool.poolSize());
	}

	@Bean
	DirectoryMeters directoryMeters(MeterRegistry registry) {
		return new DirectoryMeters(registry);
	}

	@Bean
	Database directoryDatabase(ConnectionPool requests, DirectoryMeters meters) {
		ConnectionFactory connections = requests.unwrap();
		Scheduler scheduler = DirectoryConnections.isEmbedded(connections) ? Schedulers.boundedElastic()
				: Schedulers.immediate();
		return new Database(requests, DirectoryConnections.pool(connections, UPKEEP_POOL), scheduler, meters);
	}

}
