package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.switchboard.directory.Displaced;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Tells other nodes which of their connections newer ones of this node have superseded:
 * what comes while a node is being told goes in its next message. A node is told until it
 * has heard, or is dead, when it will find out by itself. Thread-safe.
 */
final class SupersedeNotices {

	/** The kind of request that carries them. */
	static final String KIND = "supersede";

	/** However long their names are, no node finds the message too long. */
	static final int MOST_IN_MESSAGE = 100;

	/** Beyond this many for a node, its own audit has to find the rest. */
	static final int MOST_WAITING = 200_000;

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	private final Function<NodeId, Mono<NodeRecord>> nodes;

	private final BiFunction<NodeRecord, SupersededAgents, Mono<Void>> send;

	/** What each node that is being told has not heard yet. */
	private final Map<NodeId, Map<AgentId, Long>> waiting = new HashMap<>();

	/**
	 * @param nodes finds a node in the directory
	 * @param send sends a node a message; completes when the node has heard it
	 */
	SupersedeNotices(Function<NodeId, Mono<NodeRecord>> nodes,
			BiFunction<NodeRecord, SupersededAgents, Mono<Void>> send) {
		this.nodes = nodes;
		this.send = send;
	}

	/** Has the node that held the agent be told. */
	void add(Displaced displaced) {
		if (enqueue(displaced)) {
			tellNext(displaced.owner());
		}
	}

	/** Whether nobody tells the node yet. */
	private synchronized boolean enqueue(Displaced displaced) {
		Map<AgentId, Long> present = this.waiting.get(displaced.owner());
		Map<AgentId, Long> agents = (present != null) ? present : new LinkedHashMap<>();
		this.waiting.put(displaced.owner(), agents);
		if (agents.size() < MOST_WAITING) {
			agents.merge(displaced.agent(), displaced.epoch(), Math::max);
		}
		return present == null;
	}

	private void tellNext(NodeId node) {
		SupersededAgents next = next(node);
		if (!next.epochs().isEmpty()) {
			Mono.defer(() -> tell(node, next))
				.retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE).maxBackoff(LONGEST_PAUSE))
				.subscribe((_) -> {
				}, (_) -> {
				}, () -> {
					heard(node, next);
					tellNext(node);
				});
		}
	}

	private Mono<Void> tell(NodeId node, SupersededAgents agents) {
		return this.nodes.apply(node)
			.filter((record) -> record.state() != NodeState.DEAD)
			.flatMap((record) -> this.send.apply(record, agents));
	}

	private synchronized SupersededAgents next(NodeId node) {
		Map<AgentId, Long> agents = this.waiting.getOrDefault(node, Map.of());
		if (agents.isEmpty()) {
			this.waiting.remove(node);
		}
		Map<AgentId, Long> some = new HashMap<>();
		agents.entrySet()
			.stream()
			.limit(MOST_IN_MESSAGE)
			.forEach((entry) -> some.put(entry.getKey(), entry.getValue()));
		return new SupersededAgents(some);
	}

	private synchronized void heard(NodeId node, SupersededAgents agents) {
		Map<AgentId, Long> left = this.waiting.getOrDefault(node, Map.of());
		agents.epochs().forEach(left::remove);
	}

}
