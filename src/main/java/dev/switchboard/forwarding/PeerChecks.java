package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.switchboard.node.Membership;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Chance;
import dev.switchboard.time.Periodic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Asks other nodes whether they accept this node's requests, at the start and then about
 * twice a minute. Otherwise a node with a different secret would take agents that no
 * other node can call. Each round asks a few nodes, chosen by chance. Thread-safe.
 */
public final class PeerChecks implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(PeerChecks.class);

	/** The largest number of nodes that are asked in a round. */
	static final int MOST_IN_ROUND = 16;

	private static final int AT_ONCE = 4;

	private static final Duration PERIOD = Duration.ofSeconds(30);

	/**
	 * The pause before each repetition of the first round. It is short, because the node
	 * is not ready before that round has succeeded.
	 */
	private static final Duration FIRST_PERIOD = Duration.ofMillis(200);

	private final NodeId self;

	private final Supplier<Mono<List<NodeRecord>>> nodes;

	private final Function<NodeRecord, Mono<PeerCheck>> check;

	private final Supplier<Duration> uptime;

	private final Runnable wrongAtStart;

	private final Chance chance;

	private final Periodic rounds;

	private volatile @Nullable PeerVerdict verdict;

	private volatile boolean odd;

	private volatile boolean running;

	/**
	 * Makes the checks; {@link #start} begins them.
	 * @param nodes lists the nodes
	 * @param check asks a node; it does not fail
	 * @param uptime for how long this node has run
	 * @param wrongAtStart is called if the first round shows that this node is the odd
	 * one out
	 */
	PeerChecks(NodeId self, Supplier<Mono<List<NodeRecord>>> nodes, Function<NodeRecord, Mono<PeerCheck>> check,
			Supplier<Duration> uptime, Runnable wrongAtStart, Chance chance) {
		this.self = self;
		this.nodes = nodes;
		this.check = check;
		this.uptime = uptime;
		this.wrongAtStart = wrongAtStart;
		this.chance = chance;
		this.rounds = new Periodic(() -> chance.around((this.verdict != null) ? PERIOD : FIRST_PERIOD, 0.5),
				this::round, (failure) -> logger.debug("Other nodes not asked yet: {}", failure.toString()));
	}

	/** Asks some of the other nodes. */
	Mono<Void> round() {
		return this.nodes.get().flatMap((listed) -> {
			List<NodeRecord> others = others(listed);
			return Flux.fromIterable(some(others))
				.flatMap(this.check, AT_ONCE)
				.collectList()
				.doOnNext((answers) -> learn(others, answers));
		}).then();
	}

	/**
	 * Returns the other nodes that may be alive. Not among them is a node with this
	 * node's address: it has ended, and this node would ask itself in its place.
	 */
	private List<NodeRecord> others(List<NodeRecord> listed) {
		Set<String> own = listed.stream()
			.filter((node) -> node.id().equals(this.self))
			.map(NodeRecord::address)
			.collect(Collectors.toSet());
		return listed.stream()
			.filter((node) -> node.state() != NodeState.DEAD && !own.contains(node.address()))
			.toList();
	}

	private List<NodeRecord> some(List<NodeRecord> others) {
		Map<NodeRecord, Double> places = new HashMap<>();
		others.forEach((node) -> places.put(node, this.chance.fraction()));
		return others.stream().sorted(Comparator.comparing(places::get)).limit(MOST_IN_ROUND).toList();
	}

	private void learn(List<NodeRecord> others, List<PeerCheck> answers) {
		PeerVerdict earlier = this.verdict;
		Map<NodeId, PeerCheck> before = byNode((earlier != null) ? earlier.checks() : List.of());
		Map<NodeId, PeerCheck> now = new HashMap<>(before);
		now.putAll(byNode(answers));
		now.keySet().retainAll(others.stream().map(NodeRecord::id).toList());
		PeerVerdict learned = new PeerVerdict(List.copyOf(now.values()), this.uptime.get());
		log(before, learned);
		this.odd = learned.isOddOneOut();
		this.verdict = learned;
		if (earlier == null && this.odd) {
			this.wrongAtStart.run();
		}
	}

	private static Map<NodeId, PeerCheck> byNode(Iterable<PeerCheck> checks) {
		Map<NodeId, PeerCheck> byNode = new HashMap<>();
		checks.forEach((check) -> byNode.put(check.node().id(), check));
		return byNode;
	}

	/**
	 * Logs one line if this node is refused by nodes that did not refuse it before, and
	 * one line when no node refuses it any more.
	 */
	private void log(Map<NodeId, PeerCheck> before, PeerVerdict learned) {
		List<PeerCheck> refusing = learned.with(PeerCheck.Answer.REFUSED);
		List<PeerCheck> further = new ArrayList<>(refusing);
		further.removeIf((check) -> wasRefused(before.get(check.node().id())));
		if (!further.isEmpty()) {
			logger.warn(
					"{} of {} other nodes do not accept this node's requests, {} among them: their "
							+ "switchboard.forwarding.secret is another one{}",
					refusing.size(), learned.checks().size(), further.getFirst(),
					learned.isOddOneOut() ? ". This node is not ready until it has theirs" : "");
		}
		else if (refusing.isEmpty() && before.values().stream().anyMatch(PeerChecks::wasRefused)) {
			logger.info("All other nodes accept this node's requests again");
		}
	}

	private static boolean wasRefused(@Nullable PeerCheck check) {
		return check != null && check.answer() == PeerCheck.Answer.REFUSED;
	}

	/** Returns what the other nodes have answered; null before they were asked. */
	@Nullable PeerVerdict verdict() {
		return this.verdict;
	}

	/** Returns how many nodes refuse this node. */
	int refusing() {
		PeerVerdict latest = this.verdict;
		return (latest != null) ? latest.with(PeerCheck.Answer.REFUSED).size() : 0;
	}

	/** Whether this node has a secret that most others do not have. */
	public boolean isOddOneOut() {
		return this.odd;
	}

	@Override
	public void start() {
		this.running = true;
		this.rounds.start();
	}

	@Override
	public void stop() {
		this.running = false;
		this.rounds.dispose();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Makes the checks start after the membership, which enters this node into the table
	 * of nodes.
	 */
	@Override
	public int getPhase() {
		return Membership.PHASE + 1;
	}

}
