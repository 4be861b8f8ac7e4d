package dev.switchboard.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.TestNode;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.r2dbc.spi.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.web.reactive.socket.CloseStatus;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two nodes whose clocks differ, and an agent that moves between them. */
@ParameterizedClass
@EnumSource
class ClaimKeeperTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private static final long HOUR = TimeUnit.HOURS.toMicros(1);

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ConnectionFactory connections;

	private final Side one;

	private final Side two;

	ClaimKeeperTests(TestDatabase kind) {
		this.connections = kind.create();
		this.one = new Side(new TestNode(this.connections, Duration.ofSeconds(15)));
		this.two = new Side(new TestNode(this.connections, Duration.ofSeconds(15)));
	}

	/** A node, its connections and their claims. */
	private final class Side {

		private final TestNode node;

		private final ConnectionRegistry registry = new ConnectionRegistry();

		private final ClaimKeeper claims;

		Side(TestNode node) {
			this.node = node;
			get(node.register());
			this.claims = new ClaimKeeper(this.registry, node.agents, node.clock, (_) -> {
			}, TimeSource.SYSTEM, Chance.SYSTEM);
		}

		/** Connects the agent, with this epoch. */
		Agent connect(long epoch) {
			ScriptedSession session = new ScriptedSession(ClaimKeeperTests.this.loop);
			AgentConnection connection = session.connection(AGENT, epoch);
			this.registry.add(connection);
			return new Agent(session, connection);
		}

		/** Connects the agent, and waits until its claim is stored or lost. */
		Agent claimed() {
			return claimed(this.node.clock.nextEpoch());
		}

		Agent claimed(long epoch) {
			Agent agent = connect(epoch);
			this.claims.claim(agent.connection);
			settle();
			return agent;
		}

		void settle() {
			await().atMost(LIMIT).until(() -> !this.node.agents.isWriting(AGENT));
		}

		void isAheadBy(long micros) {
			this.node.clock.catchUp(this.node.clock.nextEpoch() + micros);
		}

	}

	private record Agent(ScriptedSession session, AgentConnection connection) {

		@Nullable Integer code() {
			CloseStatus status = this.session.closed;
			return (status != null) ? Integer.valueOf(status.getCode()) : null;
		}

	}

	@AfterEach
	void stop() {
		this.one.node.close();
		this.two.node.close();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	private AgentRecord stored() {
		return get(this.one.node.agents.locate(AGENT, LIMIT));
	}

	private void assertHolds(Side side, Agent agent) {
		assertThat(stored().claim().connection()).isEqualTo(agent.connection.id());
		assertThat(stored().node()).isNotNull().satisfies((node) -> assertThat(node.id()).isEqualTo(side.node.id));
		assertThat(stored().epoch()).isEqualTo(agent.connection.epoch());
		assertThat(agent.code()).isNull();
	}

	@Test
	void shouldWinOverTheOlderConnectionOfANodeWhoseClockIsAhead() {
		this.one.isAheadBy(HOUR);
		Agent older = this.one.claimed();
		Instant connected = this.two.node.clock.now();
		Agent newer = this.two.claimed();
		assertHolds(this.two, newer);
		assertThat(newer.connection.epoch()).isGreaterThan(older.connection.epoch());
		assertThat(newer.connection.connectedAt()).isBetween(connected, connected.plusSeconds(60));
		assertThat(stored().claim().connectedAt()).isEqualTo(newer.connection.connectedAt());
	}

	@Test
	void shouldWinAgainAndAgainWhileTheAgentMoves() {
		for (int move = 0; move < 4; move++) {
			this.one.isAheadBy(HOUR);
			assertHolds(this.one, this.one.claimed());
			assertHolds(this.two, this.two.claimed());
		}
	}

	@Test
	void shouldLoseToANewerConnectionOfANodeWhoseClockIsTheSame() {
		long epoch = this.two.node.clock.epochBefore(Duration.ofSeconds(1));
		Agent newer = this.one.claimed();
		this.two.node.clock.catchUp(newer.connection.epoch());
		Agent late = this.two.claimed(epoch);
		await().atMost(LIMIT).until(() -> late.code() != null);
		assertThat(late.code()).isEqualTo(4501);
		assertHolds(this.one, newer);
	}

	@Test
	void shouldNotTakeTheAgentBackFromTheConnectionToWhichItLostIt() {
		Agent older = this.two.claimed();
		this.one.isAheadBy(HOUR);
		Agent newer = this.one.claimed();
		this.two.claims.registeredAnew();
		await().atMost(LIMIT).until(() -> older.code() != null);
		assertThat(older.code()).isEqualTo(4501);
		assertHolds(this.one, newer);
	}

	@Test
	void shouldNotTakeTheAgentBackIfTheAgentWasAskedToConnectAnew() {
		Agent older = this.two.connect(this.two.node.clock.nextEpoch());
		older.connection.leave(new Frame.GoAway(0, null, "drain"), DisconnectReason.NODE_LEAVING);
		await().atMost(LIMIT).until(older.connection::isAskedToLeave);
		this.one.isAheadBy(HOUR);
		Agent newer = this.one.claimed();
		this.two.claims.claim(older.connection);
		await().atMost(LIMIT).until(() -> older.code() != null);
		assertHolds(this.one, newer);
	}

	@Test
	void shouldLeaveOneOwnerOfTwoHandshakesAtTheSameTime() {
		this.one.isAheadBy(HOUR);
		this.one.claimed();
		Side three = new Side(new TestNode(this.connections, Duration.ofSeconds(15)));
		Agent second = this.two.connect(this.two.node.clock.nextEpoch());
		Agent third = three.connect(three.node.clock.nextEpoch());
		this.two.claims.claim(second.connection);
		three.claims.claim(third.connection);
		this.two.settle();
		three.settle();
		this.two.claims.claimAgain(second.connection);
		three.claims.claimAgain(third.connection);
		await().atMost(LIMIT).until(() -> (second.code() != null) != (third.code() != null));
		assertHolds((second.code() == null) ? this.two : three, (second.code() == null) ? second : third);
		three.node.close();
	}

	@Test
	void shouldBeTakenAsOlderByEpochIfANodeSaysSo() {
		Agent older = this.one.claimed();
		this.one.claims.superseded(AGENT, older.connection.epoch() + 1);
		await().atMost(LIMIT).until(() -> older.code() != null);
		assertThat(older.code()).isEqualTo(4501);
	}

	@Test
	void shouldLetTheDirectoryDecideIfANodeWhoseClockIsAheadSaysThatItIsOlder() {
		Agent newest = this.two.claimed();
		this.two.claims.superseded(AGENT, newest.connection.epoch() + HOUR);
		this.two.settle();
		assertHolds(this.two, newest);
	}

	@Test
	void shouldReleaseAClaimWhoseEpochTheDirectoryRaised() {
		this.one.isAheadBy(HOUR);
		this.one.claimed();
		Agent newer = this.two.claimed();
		this.two.claims.release(newer.connection, CloseStatus.NORMAL);
		this.two.settle();
		assertThat(stored().online()).isFalse();
		assertThat(stored().epoch()).isEqualTo(newer.connection.epoch());
	}

	@Test
	void shouldStoreTheTimesOfConnectionsThatWereMadeBeforeTheClockWasRead() {
		long wrong = Sql.micros(Instant.now().plus(Duration.ofHours(1)));
		long provisional = wrong - (1L << 60);
		Agent agent = this.one.claimed(provisional);
		assertThat(agent.connection.epoch()).isPositive().isEqualTo(stored().epoch());
		assertThat(agent.connection.connectedAt()).isEqualTo(stored().claim().connectedAt());
	}

	@Test
	void shouldKeepItsEpochThoughItsClaimIsRepeated() {
		Agent agent = this.one.claimed();
		long epoch = stored().epoch();
		this.one.claims.claimAgain(agent.connection);
		this.one.settle();
		assertThat(stored().epoch()).isEqualTo(epoch);
		Claim claim = new Claim(AGENT, agent.connection.id(), epoch - 5, agent.connection.connectedAt(), null);
		assertThat(get(this.one.node.agents.claim(claim))).isTrue();
		assertThat(stored().epoch()).isEqualTo(epoch);
	}

}
