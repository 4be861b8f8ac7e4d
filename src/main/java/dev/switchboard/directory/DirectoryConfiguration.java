package dev.switchboard.directory;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Database;
import dev.switchboard.database.Deletion;
import dev.switchboard.database.DirectoryConnections;
import dev.switchboard.database.DirectoryMeters;
import dev.switchboard.protocol.NodeId;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Wires the directory. The database is the one at {@code spring.r2dbc.url}, or else one
 * in memory; the pool is this package's own, so Boot makes none.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ DirectorySettings.class, NodeSettings.class })
class DirectoryConfiguration {

	/** Two heartbeats' worth, a batch of claims, and what is expired or deleted. */
	private static final int UPKEEP_POOL = 4;

	@Bean
	NodeId nodeId() {
		return NodeId.random();
	}

	@Bean(destroyMethod = "")
	ConnectionPool connectionFactory(Environment environment, DirectorySettings settings) {
		String url = environment.getProperty("spring.r2dbc.url");
		ConnectionFactory connections = (url == null || url.isEmpty()) ? DirectoryConnections.embedded()
				: DirectoryConnections.at(url, environment.getProperty("spring.r2dbc.username"),
						environment.getProperty("spring.r2dbc.password"));
		return DirectoryConnections.pool(connections, settings.poolSize());
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

	@Bean
	NodeRegistry nodeRegistry(NodeId id, NodeSettings settings, Environment environment, Database database) {
		NodeTable.Self self = new NodeTable.Self(id, address(settings, environment),
				environment.getProperty("switchboard.forwarding.port", Integer.class, 8070),
				environment.getProperty("switchboard.agent.public-url"), settings.capacity(),
				TimeUnit.MILLISECONDS.toMicros(settings.lease().toMillis()));
		return new NodeRegistry(self, database, new DirectoryClock(), new Expiry(id, database));
	}

	private static String address(NodeSettings settings, Environment environment) {
		if (settings.address() != null) {
			return settings.address();
		}
		if (environment.getProperty("switchboard.security.mode", "dev").equals("dev")) {
			return InetAddress.getLoopbackAddress().getHostAddress();
		}
		try {
			return InetAddress.getLocalHost().getHostAddress();
		}
		catch (UnknownHostException ex) {
			if (environment.getProperty("spring.r2dbc.url", "").isEmpty()) {
				// With a directory of its own there is no other node to reach it.
				return InetAddress.getLoopbackAddress().getHostAddress();
			}
			throw new IllegalStateException("set switchboard.node.address: this machine does not know its own", ex);
		}
	}

	@Bean
	DirectoryHealth directoryHealthIndicator(NodeRegistry registry) {
		return new DirectoryHealth(registry);
	}

	@Bean
	AgentDirectory agentDirectory(NodeId id, Database database, DirectorySettings settings, DirectoryMeters meters) {
		return new AgentDirectory(id, database, settings, meters);
	}

	@Bean
	Deletion unseenAgents(DirectorySettings settings) {
		return AgentTable.unseenFor(settings.retention());
	}

	@Bean
	Retention directoryRetention(Database database, List<Deletion> deletions) {
		return new Retention(database, deletions);
	}

}
