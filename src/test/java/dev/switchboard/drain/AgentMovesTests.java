package dev.switchboard.drain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ScriptedSession;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class AgentMovesTests {

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final List<ScriptedSession> sessions = new ArrayList<>();

	private final List<AgentConnection> connections = new ArrayList<>();

	private Destinations destinations = new Destinations(List.of(new NodeRecord(TestIds.node(), "127.0.0.1", 8070,
			"ws://b/v1/connect", NodeState.UP, 0, 100, Instant.EPOCH, Duration.ofSeconds(15))), true, 1);

	private final AgentMoves moves = new AgentMoves(this.registry,
			new GoAways(Chance.seeded(1), new SimpleMeterRegistry()), () -> Mono.just(this.destinations),
			Chance.seeded(2));

	@BeforeEach
	void useVirtualTime() {
		VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void stop() {
		VirtualTimeScheduler.reset();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void shouldAskTheOldestConnectionsFirst() {
		connect(30, 10, 50, 20, 40);
		List<Integer> counts = away(3, 10);
		pass(Duration.ofSeconds(1));
		assertThat(counts).containsExactly(3);
		assertThat(asked()).containsExactly(0, 1, 3);
		assertThat(this.sessions.get(1).written()).singleElement()
			.asString()
			.contains("\"type\":\"goaway\"", "\"url\":\"ws://b/v1/connect\"", "\"reason\":\"rebalance\"");
	}

	@Test
	void shouldAskAtTheRate() {
		connect(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
		List<Integer> counts = away(10, 2);
		pass(Duration.ofMillis(2600));
		assertThat(asked()).containsExactly(0, 1, 2, 3, 4, 5);
		assertThat(counts).isEmpty();
	}

	@Test
	void shouldAskNoAgentTwice() {
		connect(1, 2, 3);
		away(2, 100);
		pass(Duration.ofSeconds(1));
		List<Integer> counts = away(2, 100);
		pass(Duration.ofSeconds(1));
		assertThat(counts).containsExactly(1);
		assertThat(this.sessions).allSatisfy((session) -> assertThat(session.written()).hasSize(1));
	}

	@Test
	void shouldLeaveOutConnectionsMadeLater() {
		connect(10, 20, 30);
		assertThat(this.moves.oldest(10, Instant.EPOCH.plusNanos(20_000), (_) -> true))
			.containsExactly(this.connections.get(0));
	}

	@Test
	void shouldAskNoneIfThereIsNowhereToGo() {
		this.destinations = Destinations.unknown(1);
		connect(1);
		List<Integer> counts = away(1, 100);
		pass(Duration.ofSeconds(1));
		assertThat(counts).containsExactly(0);
		assertThat(asked()).isEmpty();
	}

	private List<Integer> away(int most, double perSecond) {
		List<Integer> counts = new ArrayList<>();
		this.moves.away(most, perSecond).subscribe(counts::add);
		return counts;
	}

	private void connect(long... epochs) {
		for (long epoch : epochs) {
			ScriptedSession session = new ScriptedSession(this.loop);
			AgentConnection connection = session.open(new AgentId("acme", "a" + this.sessions.size()), epoch);
			session.take(Long.MAX_VALUE);
			this.registry.add(connection);
			this.sessions.add(session);
			this.connections.add(connection);
		}
	}

	private List<Integer> asked() {
		return IntStream.range(0, this.sessions.size())
			.filter((agent) -> !this.sessions.get(agent).written().isEmpty())
			.boxed()
			.toList();
	}

	private void pass(Duration time) {
		VirtualTimeScheduler.get().advanceTimeBy(time);
		this.loop.submit(() -> {
		}).syncUninterruptibly(); // The connections have written by then.
	}

}
