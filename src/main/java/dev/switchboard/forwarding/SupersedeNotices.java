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
 * Notifies other nodes that connections of this node have superseded some of theirs. A
 * node gets one message at a time. Agents that are added meanwhile go into the next
 * message. A message is sent again until the node has taken it or is dead. A dead node
 * learns of newer connections when it registers again. Thread-safe.
 */
final class SupersedeNotices implements SupersedeListener {

	/** The kind of the requests that carry the messages. */
	static final String KIND = "supersede";

	/**
	 * The most agents in a message. Even with the longest names, the message is below the
	 * limit on a request's body.
	 */
	static final int MAX_IN_MESSAGE = 100;

	/**
	 * The most agents that may wait for one node. The node learns of further ones by its
	 * own claim audit.
	 */
	static final int MAX_WAITING = 200_000;

	private final Function<NodeId, Mono<NodeRecord>> nodes;

	private final BiFunction<NodeRecord, SupersededAgents, Mono<Void>> send;

	private final Backoff backoff;

	/** The outboxes of the nodes that have not been notified of everything yet. */
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

	/** Notifies the node that has the superseded connection. */
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

	/**
	 * Removes the outbox of a node if all is delivered.
	 * @return true if the node has no outbox any more
	 */
	private boolean isDone(NodeId node) {
		return this.outboxes.computeIfPresent(node, (_, outbox) -> outbox.isEmpty() ? null : outbox) == null;
	}

	/** The agents of which one node has not been notified yet. */
	private static final class Outbox {

		private final Map<AgentId, Long> waiting = new LinkedHashMap<>();

		private boolean started;

		synchronized void add(AgentId agent, long epoch) {
			if (this.waiting.size() < MAX_WAITING) {
				this.waiting.merge(agent, epoch, Math::max);
			}
		}

		/** Returns true at the first call only, so that only one delivery begins. */
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

		/**
		 * Removes the agents of a delivered message. An agent that has been superseded
		 * once more meanwhile has a higher epoch, and stays.
		 */
		synchronized void delivered(SupersededAgents agents) {
			agents.epochs().forEach(this.waiting::remove);
		}

	}

}
