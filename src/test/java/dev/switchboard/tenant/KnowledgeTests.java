package dev.switchboard.tenant;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ScriptedSession;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.quota.KnownQuotas;
import dev.switchboard.quota.Quotas;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.web.reactive.socket.CloseStatus;

import static org.assertj.core.api.Assertions.assertThat;

class KnowledgeTests {

	private static final AgentId AGENT = new AgentId("acme", "till-7");

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final Knowledge knowledge = new Knowledge(new Admittance(), new KnownQuotas(Quotas.of((_) -> 10)),
			this.registry);

	/** The agent's connection, which was asked to leave and still has a call. */
	private final ScriptedSession leaving = new ScriptedSession(this.loop);

	/** The connection with which the agent has followed. */
	private final ScriptedSession newest = new ScriptedSession(this.loop);

	private final ScriptedSession other = new ScriptedSession(this.loop);

	KnowledgeTests() {
		AgentConnection older = this.leaving.open(AGENT, 1);
		this.registry.add(older);
		older.call(new Frame.Call(TestIds.call(), "echo", 60_000, null, Payload.NULL), ChunkReceiver.DROP)
			.onErrorComplete()
			.subscribe();
		older.leave(new Frame.GoAway(100, null, "drain"), DisconnectReason.NODE_LEAVING);
		this.registry.add(this.newest.open(AGENT, 2));
		this.registry.add(this.other.open(new AgentId("other", "till-7"), 1));
		assertThat(this.leaving.closed()).isNull();
	}

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	private void assertClosed(int code) {
		assertThat(this.newest.closed()).isNotNull().extracting(CloseStatus::getCode).isEqualTo(code);
		assertThat(this.leaving.closed()).isNotNull().extracting(CloseStatus::getCode).isEqualTo(code);
		assertThat(this.other.closed()).isNull();
	}

	@Test
	void shouldCloseAllConnectionsOfARevokedAgent() {
		this.knowledge.apply(AGENT, true);
		assertClosed(4500);
	}

	@Test
	void shouldCloseAllConnectionsOfADisabledTenant() {
		this.knowledge.apply(new TenantSettings("acme", false, Map.of()));
		assertClosed(4502);
	}

}
