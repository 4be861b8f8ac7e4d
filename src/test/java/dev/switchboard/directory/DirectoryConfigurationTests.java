package dev.switchboard.directory;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DirectoryConfigurationTests {

	private final ApplicationContextRunner context = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(R2dbcAutoConfiguration.class))
		.withUserConfiguration(DirectoryConfiguration.class)
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new);

	@Test
	void shouldUseADatabaseOfItsOwnWithoutAUrl() {
		this.context.run((context) -> {
			NodeRegistry registry = context.getBean(NodeRegistry.class);
			await().atMost(LIMIT).until(registry::isAnswering);
			assertThat(get(registry.nodes(LIMIT))).singleElement()
				.extracting(NodeRecord::host, NodeRecord::port, NodeRecord::capacity)
				.containsExactly("127.0.0.1", 8070, 200_000);
		});
	}

	@Test
	void shouldShareNothingWithAnotherProcessInMemory() {
		this.context.run((first) -> this.context.run((second) -> {
			NodeRegistry registry = second.getBean(NodeRegistry.class);
			await().atMost(LIMIT).until(registry::isAnswering);
			assertThat(get(registry.nodes(LIMIT))).hasSize(1);
		}));
	}

	@Test
	void shouldUseTheDatabaseAtTheUrl() {
		MariaDbServer server = MariaDbServer.shared();
		String database = server.createDatabase();
		this.context
			.withPropertyValues("spring.r2dbc.url=" + server.url(database), "spring.r2dbc.username=root",
					"switchboard.node.address=gateway-1", "switchboard.forwarding.port=8071",
					"switchboard.agent.public-url=wss://gateway-1.example.com/v1/connect")
			.run((context) -> {
				assertThat(context.getBean(ConnectionFactory.class).getMetadata().getName()).isEqualTo("MySQL");
				NodeRegistry registry = context.getBean(NodeRegistry.class);
				await().atMost(LIMIT).until(registry::isAnswering);
				assertThat(get(registry.nodes(LIMIT))).singleElement()
					.extracting(NodeRecord::host, NodeRecord::port, NodeRecord::agentUrl)
					.containsExactly("gateway-1", 8071, "wss://gateway-1.example.com/v1/connect");
			});
	}

	@Test
	void shouldStartWithoutItsDatabase() {
		this.context.withPropertyValues("spring.r2dbc.url=r2dbc:mysql://127.0.0.1:1/none", "spring.r2dbc.username=root")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(ConnectionPool.class);
				assertThat(context.getBean(NodeRegistry.class).isAnswering()).isFalse();
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
