package dev.switchboard.connection;

import java.util.concurrent.TimeUnit;

import dev.switchboard.protocol.AgentId;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.web.reactive.socket.CloseStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConnectionRegistryTests {

	private static final AgentId AGENT = new AgentId("demo", "laptop");

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void shouldCloseAConnectionThatANewerOneSupersededElsewhere() {
		ScriptedSession session = connected(10);
		this.registry.supersede(AGENT, 11);
		await().until(() -> session.closed != null);
		assertThat(session.closed).isNotNull().extracting(CloseStatus::getCode).isEqualTo(4501);
		assertThat(this.registry.find(AGENT)).isNull();
	}

	@Test
	void shouldKeepAConnectionThatIsNotOlder() {
		ScriptedSession session = connected(10);
		this.registry.supersede(AGENT, 10);
		this.registry.supersede(AGENT, 9);
		this.registry.supersede(new AgentId("demo", "other"), 20);
		assertThat(session.written()).isEmpty();
		assertThat(session.closed).isNull();
		assertThat(this.registry.find(AGENT)).isNotNull();
	}

	private ScriptedSession connected(long epoch) {
		ScriptedSession session = new ScriptedSession(this.loop);
		this.registry.add(session.connection(AGENT, epoch));
		return session;
	}

}
