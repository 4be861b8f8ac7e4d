package dev.switchboard.fanout;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds out at which nodes the agents of a fleet call are, and puts them into the nodes'
 * queues. The lookups of many agents share statements. Belongs to the fleet call's event
 * loop.
 */
final class AgentSearch {

	/** The agents that are looked up with one statement. */
	private static final int TOGETHER = 500;

	/** The most statements on their way at a time. */
	private static final int STATEMENTS = 2;

	/** Stands for the node of an agent that no node is known to hold. */
	private static final NodeId NOWHERE = new NodeId(new UUID(0, 0));

	private final List<AgentId> agents;

	private final FleetContext context;

	private final NodeQueues queues;

	private final Runnable found;

	/** The indexes of the agents that were put into a queue. */
	private final BitSet queued = new BitSet();

	private int left;

	/**
	 * @param found runs each time that agents were put into queues
	 */
	AgentSearch(List<AgentId> agents, FleetContext context, NodeQueues queues, Runnable found) {
		this.agents = agents;
		this.context = context;
		this.queues = queues;
		this.found = found;
		this.left = agents.size();
	}

	/**
	 * Begins to look the agents up. If the message is stored, it does not matter where
	 * they are, so they are all queued at once.
	 * @param wait how long the caller waits
	 */
	Disposable start(FleetMessage message, Duration wait) {
		if (message.isStored()) {
			giveUp();
			return Disposables.disposed();
		}
		return Flux.range(0, (this.agents.size() + TOGETHER - 1) / TOGETHER)
			.flatMap((part) -> find(part * TOGETHER, wait), STATEMENTS)
			.subscribe();
	}

	private Mono<Void> find(int from, Duration wait) {
		List<AgentId> some = this.agents.subList(from, Math.min(this.agents.size(), from + TOGETHER));
		return this.context.router()
			.nodesOf(some, wait)
			.onErrorReturn(Map.of())
			.doOnNext((nodes) -> this.context.onLoop(() -> found(from, some, nodes)))
			.then();
	}

	private void found(int from, List<AgentId> some, Map<AgentId, NodeId> nodes) {
		for (int i = 0; i < some.size(); i++) {
			if (!this.queued.get(from + i)) {
				queue(from + i, nodes.getOrDefault(some.get(i), NOWHERE));
			}
		}
		this.found.run();
	}

	private void queue(int index, NodeId node) {
		this.queued.set(index);
		this.left--;
		this.queues.add(node, this.agents.get(index));
	}

	/** Whether all agents have been put into queues. */
	boolean isComplete() {
		return this.left == 0;
	}

	/** Queues the agents that were not found yet, wherever they are. */
	void giveUp() {
		for (int index = 0; this.left > 0; index++) {
			index = this.queued.nextClearBit(index);
			queue(index, NOWHERE);
		}
	}

}
