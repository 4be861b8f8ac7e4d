package dev.switchboard.forwarding;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.switchboard.FreePorts;
import dev.switchboard.listener.CallAdmission;
import dev.switchboard.listener.RefusedRequests;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import dev.switchboard.time.ManualTime;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.resolver.DefaultAddressResolverGroup;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/** Nodes with their own secrets, which ask each other over sockets. */
class PeerChecksTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final Status DEGRADED = new Status("DEGRADED");

	private final LoopResources loops = LoopResources.create("checks-test", 1, true);

	private final List<Node> nodes = new ArrayList<>();

	private final List<NodeRecord> listed = new CopyOnWriteArrayList<>();

	/** A node with its own clock, which says for how long the node has run. */
	private final class Node {

		final NodeId id = TestIds.node();

		final ManualTime clock = new ManualTime();

		final ForwardingServer server;

		final Peers peers;

		final PeerChecks checks;

		final ForwardingHealth health;

		final AtomicInteger wrongAtStart = new AtomicInteger();

		Node(String secret, int uptime) {
			ForwardingSettings settings = new ForwardingSettings(0, "127.0.0.1", secret, LONG, LONG, 100);
			this.server = new ForwardingServer(settings, true, Map.of(), 1000, PeerChecksTests.this.loops,
					new RefusedRequests("forwarding", new SimpleMeterRegistry(), TimeSource.SYSTEM),
					CallAdmission.Loops.ALWAYS, new ChannelInboundHandlerAdapter(), this.clock);
			this.clock.advance(Duration.ofSeconds(uptime));
			this.peers = new Peers(settings, PeerChecksTests.this.loops, DefaultAddressResolverGroup.INSTANCE,
					new ForwardingMetrics(new SimpleMeterRegistry()), TimeSource.SYSTEM, null);
			this.checks = new PeerChecks(this.id, () -> Mono.just(PeerChecksTests.this.listed),
					(node) -> PeerCheck.of(node, this.peers), this.server.door()::uptime,
					this.wrongAtStart::incrementAndGet, Chance.seeded(1));
			this.health = new ForwardingHealth(this.checks, this.server.door());
			this.server.start();
			PeerChecksTests.this.listed.add(record(this.id, this.server.port(), NodeState.UP));
			PeerChecksTests.this.nodes.add(this);
		}

		Health healthAfterARound() {
			this.checks.round().block(LONG);
			return this.health.health();
		}

	}

	private static NodeRecord record(NodeId id, int port, NodeState state) {
		return new NodeRecord(id, "127.0.0.1", port, null, state, 0, 1, Instant.EPOCH, Duration.ofSeconds(15));
	}

	@AfterEach
	void stop() {
		this.nodes.forEach((node) -> {
			node.peers.destroy();
			node.server.stop();
		});
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(LONG);
	}

	@Test
	void shouldBeReadyWhileAllOthersAcceptItsSecret() {
		Node first = new Node("one", 10);
		new Node("one", 20);
		Health health = first.healthAfterARound();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).contains(entry("acceptedBy", 1), entry("refusedBy", List.of()));
		assertThat(first.checks.isOddOneOut()).isFalse();
	}

	@Test
	void shouldTakeTheOneNodeOutWhoseSecretIsWrong() {
		Node wrong = new Node("wrong", 5);
		List<Node> others = List.of(new Node("right", 10), new Node("right", 20));
		Health health = wrong.healthAfterARound();
		assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(health.getDetails()).containsKey("reason")
			.hasEntrySatisfying("refusedBy", (refusing) -> assertThat(refusing).asString()
				.contains(others.getFirst().id.toString(), "127.0.0.1:" + others.getLast().server.port()));
		assertThat(wrong.checks.isOddOneOut()).isTrue();
		assertThat(wrong.checks.refusing()).isEqualTo(2);
		for (Node other : others) {
			assertThat(other.healthAfterARound().getStatus()).isEqualTo(DEGRADED);
			assertThat(other.checks.isOddOneOut()).isFalse();
			assertThat(other.server.door().refused()).isEqualTo(1);
		}
	}

	@Test
	void shouldTakeTheNewcomerOfTwoOut() {
		Node old = new Node("right", 1000);
		Node newcomer = new Node("wrong", 1);
		assertThat(newcomer.healthAfterARound().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(newcomer.wrongAtStart).hasValue(1);
		assertThat(newcomer.healthAfterARound().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(newcomer.wrongAtStart).as("only the first round").hasValue(1);
		assertThat(old.wrongAtStart).hasValue(0);
		assertThat(old.healthAfterARound().getStatus()).isEqualTo(DEGRADED);
	}

	/** The row of a node that was killed stays until its lease is over. */
	@Test
	void shouldNotAskItselfInPlaceOfANodeThatHadItsAddress() {
		new Node("right", 1000);
		Node newcomer = new Node("wrong", 1);
		this.listed.add(record(TestIds.node(), newcomer.server.port(), NodeState.UP));
		assertThat(newcomer.healthAfterARound().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
	}

	@Test
	void shouldBeReadyAgainWhenTheOthersHaveItsSecret() {
		Node survivor = new Node("new", 1);
		new Node("old", 100);
		assertThat(survivor.healthAfterARound().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		this.listed.removeLast();
		new Node("new", 2);
		assertThat(survivor.healthAfterARound().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void shouldNotBeReadyBeforeItHasAsked() {
		assertThat(new Node("one", 1).health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
	}

	@Test
	void shouldBeReadyAlone() {
		Node alone = new Node("one", 1);
		this.listed.add(record(TestIds.node(), FreePorts.next(), NodeState.DEAD));
		assertThat(alone.healthAfterARound().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void shouldNotBlameTheSecretForNodesThatAreOutOfReach() {
		Node node = new Node("one", 1);
		this.listed.add(record(TestIds.node(), FreePorts.next(), NodeState.UP));
		Health health = node.healthAfterARound();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).hasEntrySatisfying("unreachable",
				(unreachable) -> assertThat(unreachable).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(1));
	}

	@Test
	void shouldAskAFewOfManyAndAllInTime() {
		List<NodeId> asked = new CopyOnWriteArrayList<>();
		List<NodeRecord> many = IntStream.range(0, 3 * PeerChecks.MOST_IN_ROUND)
			.mapToObj((_) -> record(TestIds.node(), 1, NodeState.UP))
			.toList();
		PeerChecks checks = new PeerChecks(TestIds.node(), () -> Mono.just(many), (node) -> {
			asked.add(node.id());
			return Mono.just(new PeerCheck(node, PeerCheck.Answer.ACCEPTED, Duration.ZERO));
		}, () -> Duration.ZERO, () -> {
		}, Chance.seeded(1));
		checks.round().block(LONG);
		assertThat(asked).hasSize(PeerChecks.MOST_IN_ROUND);
		for (int i = 0; i < 30; i++) {
			checks.round().block(LONG);
		}
		assertThat(asked).contains(many.stream().map(NodeRecord::id).toArray(NodeId[]::new));
	}

}
