package dev.switchboard.push;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ScriptedSession;
import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.TestNode;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.routing.ForwardException;
import io.netty.channel.DefaultEventLoop;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.socket.CloseStatus;

import static dev.switchboard.push.TestPushes.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PushNoticesTests {

	private final ConnectionFactory database = TestDatabase.H2.create();

	private final TestPushes storing = new TestPushes(this.database, 100, 1000);

	private final TestPushes holding = new TestPushes(this.database, 100, 1000);

	private final DefaultEventLoop loop = new DefaultEventLoop();

	private final AgentId agent = this.holding.known("a");

	@AfterEach
	void stop() {
		this.holding.close();
		this.storing.close();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	private String notice() {
		return this.holding.node.id + ": acme/a";
	}

	private long unannounced() {
		return TestNode.get(this.storing.node.database.request("count", (connection) -> Sql.select(connection,
				"SELECT COUNT(*) AS many FROM pushes WHERE unannounced IS NOT NULL", (row) -> Sql.number(row, "many"))))
			.getFirst();
	}

	private AgentConnection connect(TestPushes node) {
		AgentConnection connection = new ScriptedSession(this.loop).open(this.agent, 1);
		node.registry.add(connection);
		return connection;
	}

	@Test
	void shouldNotifyTheNodeThatHoldsTheAgent() {
		this.storing.stored(push(this.agent, "1"));
		await().until(() -> this.storing.asked.contains(notice()));
		await().until(() -> unannounced() == 0);
	}

	@Test
	void shouldSendWhatWaitsWhenANoticeComes() {
		AgentConnection connection = connect(this.holding);
		this.storing.stored(push(this.agent, "1"));
		TestNode.get(this.holding.notices.receive("acme/unknown acme/a"));
		await().until(() -> this.holding.node.statements("push-next") == 1);
		assertThat(connection.isClosing()).isFalse();
	}

	@Test
	void shouldNotifyNobodyOfAnAgentThatIsOffline() {
		Claim claim = new Claim(this.agent, TestIds.connection(), this.holding.node.clock.nextEpoch(), Instant.EPOCH,
				null);
		TestNode.get(this.holding.node.agents.claim(claim));
		this.holding.node.agents.release(claim, Instant.EPOCH, null).block(TestNode.LIMIT);
		this.storing.stored(push(this.agent, "1"));
		await().until(() -> unannounced() == 0);
		assertThat(this.storing.asked).isEmpty();
	}

	@Test
	void shouldNotifyAgainUntilTheNodeHasTakenTheNotice() {
		this.storing.answer = Mono.error(new ForwardException(ForwardException.Reason.UNSENT));
		this.storing.stored(push(this.agent, "1"));
		await().until(() -> this.storing.asked.size() == 2);
		this.storing.answer = Mono.empty();
		await().until(() -> unannounced() == 0);
		assertThat(this.storing.asked).containsOnly(notice());
		assertThat(this.storing.count("switchboard.pushes.notices.failed")).isZero();
	}

	/** The node that has stored the push has died before it could notify anybody. */
	@Test
	void shouldFindPushesWhoseNoticeWasLost() {
		CallId id = TestIds.call();
		DurablePush lost = new DurablePush(id, this.agent, "m", push(this.agent, "1").payload(), Duration.ofDays(1),
				null, null);
		TestNode.get(this.storing.node.database.request("push",
				(connection) -> PushTable.insert(connection, List.of(lost))));
		assertThat(TestNode.get(this.storing.sweep.sweep())).as("too young").isEmpty();
		this.storing.age(Duration.ofSeconds(11));
		assertThat(TestNode.get(this.storing.sweep.sweep())).containsExactly(new PushNotice(this.agent, id));
		await().until(() -> this.storing.asked.contains(notice()));
		await().until(() -> unannounced() == 0);
		assertThat(TestNode.get(this.storing.sweep.sweep())).isEmpty();
	}

	/**
	 * eclipse-mosquitto/mosquitto 1650: messages that came while an agent was taken over.
	 */
	@Test
	void shouldNotifyTheNextNodeOfPushesThatWereOnTheirWay() {
		AgentConnection connection = connect(this.storing);
		this.storing.stored(push(this.agent, "1"));
		await().until(() -> this.storing.node.statements("push-next") == 1);
		assertThat(this.storing.asked).isEmpty();
		connection.close(DisconnectReason.SUPERSEDED);
		this.storing.registry.remove(connection);
		this.storing.sender.ended(connection, CloseStatus.NO_CLOSE_FRAME);
		await().until(() -> this.storing.asked.contains(notice()));
	}

}
