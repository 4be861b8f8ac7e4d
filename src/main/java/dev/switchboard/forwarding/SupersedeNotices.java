package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.switchboard.directory.SupersedeListener;
import dev.switchboard.directory.Superseded;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import reactor.core.publisher.Mono;

/**
 * Notifies other nodes of their connections that newer ones on this node have superseded.
 * A node gets one message at a time; what is added meanwhile goes into the next. A
 * message is sent again until the node has taken it or is dead: a node that returns finds
 * out by its own audit. Thread-safe.
 */
final class SupersedeNotices implements SupersedeListener {

	/** The kind of the requests. */
	static final String KIND = "supersede";

	/** Agents in a message: with the longest names it is below the limit on a body. */
	static final int MAX_IN_MESSAGE = 100;

	/** Agents that may wait for a node; the node's own audit finds the rest. */
	static final int MAX_WAITING = 200_000;

	private final Function<NodeId, Mono<NodeRecord>> nodes;

	private final BiFunction<NodeRecord, SupersededAgents, Mono<Void>> send;

	private final Backoff backoff;

	/** The outboxes of the nodes that are being notified. */
	private final Map<NodeId, Outbox> outboxes = new ConcurrentHashMap<>();

	/**
	 * @param nodes finds a node in the directory
	 * @param send sends a message to a node; completes when the node has taken it
	 */
	SupersedeNotices(Function<NodeId, Mono<NodeRecord>> nodes,
			BiFunction<NodeRecord, SupersededAgents, Mono<Void>> send, Chance chance) {
		this.nodes = nodes;
		this.send = send;
		this.backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2), chance);
	}

	/** Notifies the node that held the agent. */
	@Override
	public void superseded(Superseded superseded) {
		NodeId node = superseded.node();
		Outbox outbox = this.outboxes.compute(node, (_, present) -> {
			Outbox used = (present != null) ? present : new Outbox();
			used.add(superseded.agent(), superseded.epoch());
			return used;
		});
		if (outbox.start()) {
			Mono.defer(() -> deliver(node, outbox)).repeat(() -> !isDone(node)).subscribe();
		}
	}

	private Mono<Void> deliver(NodeId node, Outbox outbox) {
		SupersededAgents next = outbox.next();
		return Mono.defer(() -> sendUnlessDead(node, next))
			.retryWhen(this.backoff.forever())
			.doOnSuccess((_) -> outbox.delivered(next));
	}

	private Mono<Void> sendUnlessDead(NodeId node, SupersededAgents agents) {
		return this.nodes.apply(node)
			.filter((record) -> record.state() != NodeState.DEAD)
			.flatMap((record) -> this.send.apply(record, agents));
	}

	/** Whether all is delivered; the outbox is removed then. */
	private boolean isDone(NodeId node) {
		return this.outboxes.computeIfPresent(node, (_, outbox) -> outbox.isEmpty() ? null : outbox) == null;
	}

	/** The agents of which a node has not been notified yet. */
	private static final class Outbox {

		private final Map<AgentId, Long> waiting = new LinkedHashMap<>();

		private boolean started;

		synchronized void add(AgentId agent, long epoch) {
			if (this.waiting.size() < MAX_WAITING) {
				this.waiting.merge(agent, epoch, Math::max);
			}
		}

		/** Whether this is the first call. */
		synchronized boolean start() {
			boolean first = !this.started;
			this.started = true;
			return first;
		}

		synchronized boolean isEmpty() {
			return this.waiting.isEmpty();
		}

		synchronized SupersededAgents next() {
			Map<AgentId, Long> epochs = new HashMap<>();
			this.waiting.entrySet()
				.stream()
				.limit(MAX_IN_MESSAGE)
				.forEach((entry) -> epochs.put(entry.getKey(), entry.getValue()));
			return new SupersededAgents(epochs);
		}

		/** An agent that was superseded again meanwhile stays in the outbox. */
		synchronized void delivered(SupersededAgents agents) {
			agents.epochs().forEach(this.waiting::remove);
		}

	}

}
