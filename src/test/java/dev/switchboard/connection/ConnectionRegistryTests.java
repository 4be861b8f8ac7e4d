package dev.switchboard.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

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

	@Test
	void shouldNotFindAConnectionThatLeaves() {
		ScriptedSession session = new ScriptedSession(this.loop);
		AgentConnection connection = session.connection(AGENT, 10);
		this.registry.add(connection);
		connection.leave(new Frame.GoAway(100, null, "drain"), DisconnectReason.NODE_LEAVING);
		assertThat(this.registry.find(AGENT)).isSameAs(connection);
		this.registry.supersede(AGENT, 11);
		await().until(() -> this.registry.find(AGENT) == null);
		assertThat(this.registry.lastEpoch(AGENT)).isEqualTo(10);
	}

	@Test
	void shouldReachAReplacedConnectionUntilItHasEnded() {
		AgentConnection older = new ScriptedSession(this.loop).open(AGENT, 10);
		this.registry.add(older);
		Mono<Answer> waiter = older.call(new Frame.Call(TestIds.call(), "echo", 60_000, null, Payload.NULL),
				ChunkReceiver.DROP);
		waiter.subscribe((_) -> {
		}, (_) -> {
		});
		older.leave(new Frame.GoAway(100, null, "drain"), DisconnectReason.NODE_LEAVING);
		AgentConnection newer = new ScriptedSession(this.loop).open(AGENT, 11);
		this.registry.add(newer);
		assertThat(open()).containsExactlyInAnyOrder(older, newer);
		assertThat(openOf(AGENT)).containsExactlyInAnyOrder(older, newer);
		assertThat(openOf(new AgentId("demo", "other"))).isEmpty();
		this.registry.remove(older);
		assertThat(open()).containsExactly(newer);
		this.registry.remove(newer);
		assertThat(open()).isEmpty();
	}

	@Test
	void shouldNotKeepAReplacedConnectionThatHasEndedBefore() {
		AgentConnection older = new ScriptedSession(this.loop).open(AGENT, 10);
		this.registry.add(older);
		older.close(DisconnectReason.BY_OPERATOR);
		await().until(older::isClosing);
		AgentConnection newer = new ScriptedSession(this.loop).open(AGENT, 11);
		this.registry.add(newer);
		assertThat(open()).containsExactly(newer);
	}

	private List<AgentConnection> open() {
		List<AgentConnection> open = new ArrayList<>();
		this.registry.forEachOpen(open::add);
		return open;
	}

	private List<AgentConnection> openOf(AgentId agent) {
		List<AgentConnection> open = new ArrayList<>();
		this.registry.forEachOpen(agent, open::add);
		return open;
	}

	private ScriptedSession connected(long epoch) {
		ScriptedSession session = new ScriptedSession(this.loop);
		this.registry.add(session.connection(AGENT, epoch));
		return session;
	}

}
