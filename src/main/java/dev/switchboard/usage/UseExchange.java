package dev.switchboard.usage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.switchboard.json.JsonException;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.quota.ClusterUse;
import dev.switchboard.quota.NodeUse;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.time.Chance;
import dev.switchboard.time.Periodic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Divides the quotas of tenants among the nodes. Once a second a node looks at what
 * tenants use on it. If that may matter to others, it asks the others for theirs. They
 * ask it in turn, so that they know what is taken before a tenant comes to them. Then
 * each computes its own shares. Nothing is stored: while the directory is away, nodes ask
 * those that they know. What a node said last holds until it answers again, or leaves the
 * list of nodes. Thread-safe.
 */
final class UseExchange {

	/** The kind of the questions. */
	static final String KIND = "quotas";

	static final Duration PERIOD = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(UseExchange.class);

	private static final Comparator<NodeRecord> ORDER = Comparator.comparing((node) -> node.id().toString());

	private static final Duration LIMIT = Duration.ofMillis(500);

	private static final int MAX_ASKERS = 1000;

	/** The list of nodes is read once in so many periods. */
	private static final int PERIODS_OF_LIST = 4;

	private final TenantLimits limits;

	private final Function<Duration, Mono<List<NodeRecord>>> nodes;

	private final Forwarder forwarder;

	private final NodeId self;

	private final Periodic turns;

	private final Map<NodeId, NodeUse> reports = new HashMap<>();

	/** The nodes that have asked in this period, since tenants use something there. */
	private final Set<String> askers = ConcurrentHashMap.newKeySet();

	private List<NodeRecord> others = List.of();

	private int periods;

	private volatile NodeUse here = NodeUse.NOTHING;

	/**
	 * @param nodes lists all nodes; the duration is how long the directory may be silent
	 */
	UseExchange(TenantLimits limits, Function<Duration, Mono<List<NodeRecord>>> nodes, Forwarder forwarder, NodeId self,
			Chance chance) {
		this.limits = limits;
		this.nodes = nodes;
		this.forwarder = forwarder;
		this.self = self;
		this.turns = new Periodic(() -> chance.around(PERIOD, 0.1), this::turn,
				(failure) -> logger.warn("The quotas of tenants were not divided anew", failure));
	}

	void start() {
		this.turns.start();
	}

	void stop() {
		this.turns.dispose();
	}

	/**
	 * Returns the answer to the question of another node.
	 * @param asker the id of that node
	 */
	Payload answer(String asker) {
		if (this.askers.size() < MAX_ASKERS) {
			this.askers.add(asker);
		}
		return UseJson.write(this.here);
	}

	/**
	 * Ends a period, and divides the quotas for the next one. One turn runs at a time.
	 */
	Mono<Void> turn() {
		return Mono.defer(() -> {
			NodeUse use = this.limits.endPeriod();
			this.here = use;
			return refreshNodes().then(Mono.defer(() -> askOthers(!use.isNothing())))
				.then(Mono.fromRunnable(() -> this.limits.share(cluster())));
		});
	}

	private Mono<Void> refreshNodes() {
		if (this.periods++ % PERIODS_OF_LIST != 0) {
			return Mono.empty();
		}
		return this.nodes.apply(LIMIT).doOnNext(this::setNodes).onErrorComplete().then();
	}

	private void setNodes(List<NodeRecord> all) {
		this.others = all.stream()
			.filter((node) -> node.state() != NodeState.DEAD && !node.id().equals(this.self))
			.sorted(ORDER)
			.toList();
		this.reports.keySet().retainAll(this.others.stream().map(NodeRecord::id).toList());
	}

	/** Asks all others, or those on which tenants use something. */
	private Mono<Void> askOthers(boolean all) {
		Set<String> asking = Set.copyOf(this.askers);
		this.askers.clear();
		return Flux.fromIterable(this.others)
			.filter((node) -> all || asking.contains(node.id().toString())
					|| !this.reports.getOrDefault(node.id(), NodeUse.NOTHING).isNothing())
			.flatMap((node) -> ask(node).map((use) -> Map.entry(node.id(), use)))
			.collectList()
			.doOnNext((answers) -> answers.forEach((answer) -> this.reports.put(answer.getKey(), answer.getValue())))
			.then();
	}

	private Mono<NodeUse> ask(NodeRecord node) {
		return this.forwarder.ask(node, KIND, this.self.toString(), LIMIT)
			.timeout(LIMIT)
			.map(UseJson::read)
			.onErrorResume((failure) -> {
				if (failure instanceof JsonException) {
					logger.warn("Node {} has sent an unreadable report of what tenants use: {}", node.id(),
							failure.getMessage());
				}
				return Mono.empty();
			});
	}

	/**
	 * Returns what a node said last. Agents of a node that drains connect to other nodes
	 * before they leave it, so they would have no place there.
	 */
	private NodeUse report(NodeRecord node) {
		NodeUse use = this.reports.getOrDefault(node.id(), NodeUse.NOTHING);
		return (node.state() == NodeState.DRAINING) ? use.without(Quota.CONNECTIONS) : use;
	}

	private ClusterUse cluster() {
		List<NodeUse> before = new ArrayList<>();
		List<NodeUse> after = new ArrayList<>();
		String ours = this.self.toString();
		this.others.forEach((node) -> ((node.id().toString().compareTo(ours) < 0) ? before : after).add(report(node)));
		return new ClusterUse(before, after);
	}

}
