package dev.switchboard.directory;

import java.util.List;

import dev.switchboard.database.MariaDbServer;
import dev.switchboard.node.Membership;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.node.NodeStatus;
import dev.switchboard.node.Nodes;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DirectoryConfigurationTests {

	private final ApplicationContextRunner context = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(R2dbcAutoConfiguration.class))
		.withUserConfiguration(Rooms.class)
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
		.withBean(TimeSource.class, () -> TimeSource.SYSTEM)
		.withBean(Chance.class, () -> Chance.SYSTEM)
		.withBean(NodeStatus.class, () -> new NodeStatus(() -> 8071, 1, "wss://gateway-1.example.com/v1/connect",
				() -> 3, "1.2.3", () -> 5000));

	@Configuration(proxyBeanMethods = false)
	@ComponentScan({ "dev.switchboard.database", "dev.switchboard.node", "dev.switchboard.directory" })
	static class Rooms {

	}

	private static List<NodeRecord> nodes(ApplicationContext context) {
		await().atMost(LIMIT).until(context.getBean(Membership.class)::isAnswering);
		return get(context.getBean(Nodes.class).list(LIMIT));
	}

	@Test
	void shouldUseADatabaseOfItsOwnWithoutAUrl() {
		this.context.run((context) -> assertThat(nodes(context)).singleElement()
			.extracting(NodeRecord::port, NodeRecord::capacity)
			.containsExactly(8071, 200_000));
	}

	@Test
	void shouldShareNothingWithAnotherProcessInMemory() {
		this.context.run((first) -> this.context.run((second) -> assertThat(nodes(second)).hasSize(1)));
	}

	@Test
	void shouldUseTheDatabaseAtTheUrl() {
		MariaDbServer server = MariaDbServer.shared();
		String database = server.createDatabase();
		this.context
			.withPropertyValues("spring.r2dbc.url=" + server.url(database), "spring.r2dbc.username=root",
					"switchboard.node.address=gateway-1")
			.run((context) -> {
				assertThat(context.getBean(ConnectionFactory.class).getMetadata().getName()).isEqualTo("MySQL");
				assertThat(nodes(context)).singleElement()
					.extracting(NodeRecord::host, NodeRecord::port, NodeRecord::agentUrl)
					.containsExactly("gateway-1", 8071, "wss://gateway-1.example.com/v1/connect");
			});
	}

	@Test
	void shouldStartWithoutItsDatabase() {
		this.context.withPropertyValues("spring.r2dbc.url=r2dbc:mysql://127.0.0.1:1/none", "spring.r2dbc.username=root")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(ConnectionPool.class);
				assertThat(context.getBean(Membership.class).isAnswering()).isFalse();
			});
	}

	@Test
	void shouldRefuseSettingsThatCannotBe() {
		this.context.withPropertyValues("switchboard.node.lease=10ms")
			.run((context) -> assertThat(context).hasFailed());
		this.context.withPropertyValues("switchboard.node.capacity=0")
			.run((context) -> assertThat(context).hasFailed());
		this.context.withPropertyValues("switchboard.directory.retention=1s")
			.run((context) -> assertThat(context).hasFailed());
		this.context.withPropertyValues("switchboard.directory.pool-size=0")
			.run((context) -> assertThat(context).hasFailed());
	}

}
