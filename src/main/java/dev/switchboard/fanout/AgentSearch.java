package dev.switchboard.fanout;

import java.time.Duration;
import java.util.ArrayList;
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

	/** The most agents that are looked up with one statement. */
	private static final int TOGETHER = 500;

	/** The agents of the first statement, so that the first answer comes soon. */
	private static final int FIRST = 20;

	/** How many times as many agents the next statement has. */
	private static final int GROWTH = 5;

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

	private final Disposable.Composite statements = Disposables.composite();

	/** The index of the first agent that was not looked up. */
	private int next;

	/** The agents that the next statement looks up. */
	private int together = FIRST;

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
		for (int i = 0; i < STATEMENTS; i++) {
			findNext(wait);
		}
		return this.statements;
	}

	/**
	 * Looks the next agents up. The ones after these have to wait for the next turn,
	 * because the embedded directory answers at once, and calls are to begin before.
	 */
	private void findNext(Duration wait) {
		int from = this.next;
		List<AgentId> some = this.agents.subList(from, Math.min(this.agents.size(), from + this.together));
		if (some.isEmpty() || this.statements.isDisposed()) {
			return;
		}
		this.next += some.size();
		this.together = Math.min(TOGETHER, this.together * GROWTH);
		this.statements.add(this.context.router()
			.nodesOf(some, wait)
			.onErrorReturn(Map.of())
			.subscribe((nodes) -> this.context.onLoop(() -> {
				found(from, some, nodes);
				this.context.later(() -> findNext(wait));
			})));
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
