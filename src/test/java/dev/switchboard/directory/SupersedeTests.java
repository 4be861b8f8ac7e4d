package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.switchboard.database.TestDatabase;
import dev.switchboard.database.Sql;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

/** Which nodes are named when newer connections on other nodes supersede theirs. */
@ParameterizedClass
@EnumSource
class SupersedeTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private final List<TestNode> nodes = new ArrayList<>();

	SupersedeTests(TestDatabase kind) {
		ConnectionFactory connections = kind.create();
		IntStream.range(0, 3).forEach((_) -> {
			TestNode node = new TestNode(connections, Duration.ofSeconds(15));
			this.nodes.add(node);
			get(node.register());
		});
	}

	@AfterEach
	void close() {
		this.nodes.forEach(TestNode::close);
	}

	private List<Superseded> told() {
		return this.nodes.stream().flatMap((node) -> node.superseded.stream()).toList();
	}

	private static Claim claim(AgentId agent, long epoch) {
		return new Claim(agent, TestIds.connection(), epoch, Instant.EPOCH, null);
	}

	private Claim claimed(int node, long epoch) {
		Claim claim = claim(AGENT, epoch);
		assertThat(get(this.nodes.get(node).agents.claim(claim))).isTrue();
		return claim;
	}

	private NodeId id(int node) {
		return this.nodes.get(node).id;
	}

	@Test
	void shouldTellOfTheNodeWhoseClaimWasSuperseded() {
		claimed(0, 10);
		assertThat(told()).isEmpty();
		claimed(1, 20);
		assertThat(told()).containsExactly(new Superseded(id(0), AGENT, 20));
	}

	@Test
	void shouldTellOfTheNodeBeforeThatToo() {
		claimed(0, 10);
		claimed(1, 20);
		this.nodes.forEach((node) -> node.superseded.clear());
		claimed(2, 30);
		assertThat(told()).extracting(Superseded::node).containsExactlyInAnyOrder(id(0), id(1));
		assertThat(told()).extracting(Superseded::epoch).containsOnly(30L);
	}

	@Test
	void shouldNotTellOfItself() {
		claimed(0, 10);
		claimed(0, 20);
		assertThat(told()).isEmpty();
	}

	@Test
	void shouldNotTellOfANodeThatReleasedItsClaim() {
		Claim ended = claimed(0, 10);
		this.nodes.get(0).agents.release(ended, Instant.EPOCH, null).block(LIMIT);
		claimed(1, 20);
		assertThat(told()).isEmpty();
	}

	@Test
	void shouldNotTellOfADeadNode() {
		claimed(0, 10);
		get(this.nodes.get(1).database.upkeep("expire", (connection) -> Sql.update(connection,
				"UPDATE nodes SET state = " + NodeState.DEAD.stored() + " WHERE id = ?", id(0).value())));
		claimed(1, 20);
		assertThat(told()).isEmpty();
	}

	@Test
	void shouldNotTellOfAClaimThatLost() {
		claimed(0, 20);
		assertThat(get(this.nodes.get(1).agents.claim(claim(AGENT, 10)))).isFalse();
		assertThat(told()).isEmpty();
	}

	@Test
	void shouldTellWhenTheNewerConnectionEndedBeforeItsClaimWasStored() {
		claimed(0, 10);
		this.nodes.get(1).agents.release(claim(AGENT, 20), Instant.EPOCH, null).block(LIMIT);
		assertThat(told()).extracting(Superseded::node).containsExactly(id(0));
	}

	@Test
	void shouldTellOfTheOtherNodeWhenItsOwnConnectionsFollowEachOther() {
		claimed(0, 10);
		AgentDirectory second = this.nodes.get(1).agents;
		// In one batch or in two, as it happens.
		get(Flux
			.merge(second.claim(claim(new AgentId("acme", "first"), 1)), second.claim(claim(AGENT, 20)),
					second.claim(claim(AGENT, 30)))
			.collectList());
		assertThat(told()).extracting(Superseded::node).containsOnly(id(0));
		assertThat(told()).extracting(Superseded::epoch).contains(30L);
	}

	/**
	 * Each node that lost the agent is named, in every order of the two nodes'
	 * statements.
	 */
	@Test
	void shouldLoseNothingWhenTwoNodesClaimAtOnce() {
		int agents = 400;
		List<AgentId> ids = IntStream.range(0, agents).mapToObj((i) -> new AgentId("acme", "a" + i)).toList();
		get(claimAll(0, ids, 1).collectList());
		List<Boolean> second = new ArrayList<>();
		List<Boolean> third = new ArrayList<>();
		Mono.when(claimAll(1, ids, 2).collectList().doOnNext(second::addAll),
				claimAll(2, ids, 3).collectList().doOnNext(third::addAll))
			.block(LIMIT);
		assertThat(third).hasSize(agents).containsOnly(true);
		assertThat(toldOf(0)).containsAll(ids);
		List<AgentId> losers = toldOf(1);
		IntStream.range(0, agents).filter((i) -> second.get(i)).forEach((i) -> assertThat(losers).contains(ids.get(i)));
	}

	private Flux<Boolean> claimAll(int node, List<AgentId> ids, long epoch) {
		return Flux.fromIterable(ids)
			.flatMapSequential((agent) -> this.nodes.get(node).agents.claim(claim(agent, epoch)), ids.size());
	}

	private List<AgentId> toldOf(int node) {
		return told().stream()
			.filter((superseded) -> superseded.node().equals(id(node)))
			.map(Superseded::agent)
			.distinct()
			.toList();
	}

}
