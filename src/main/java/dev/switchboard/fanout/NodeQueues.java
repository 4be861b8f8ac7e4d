package dev.switchboard.fanout;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * The agents that wait to be called, in a queue for each node. The next agent is one of
 * the node with the fewest calls in flight. So a node whose agents are slow, or that is
 * dead, does not keep the others from their part of the window. While it is not known yet
 * which nodes there are, a node gets at most half of what is left of the window: the
 * agents of other nodes may come. Not thread-safe.
 */
final class NodeQueues {

	private final Map<NodeId, NodeQueue> queues = new HashMap<>();

	private int waiting;

	/** The agents of one node, and how many calls to it are in flight. */
	static final class NodeQueue {

		private final Queue<AgentId> agents = new ArrayDeque<>();

		private int inFlight;

		/** Called when a call to the node has ended. */
		void ended() {
			this.inFlight--;
		}

	}

	/** An agent whose turn it is, and the queue that it comes from. */
	record Next(AgentId agent, NodeQueue from) {
	}

	void add(NodeId node, AgentId agent) {
		this.queues.computeIfAbsent(node, (_) -> new NodeQueue()).agents.add(agent);
		this.waiting++;
	}

	boolean isEmpty() {
		return this.waiting == 0;
	}

	/**
	 * Takes the next agent to call, whose call then counts as in flight.
	 * @param free how much of the window is free
	 * @param isComplete whether all agents have been added
	 * @return the agent; null if none is to be called now
	 */
	@Nullable Next next(int free, boolean isComplete) {
		NodeQueue least = null;
		for (NodeQueue queue : this.queues.values()) {
			if (!queue.agents.isEmpty() && (least == null || queue.inFlight < least.inFlight)) {
				least = queue;
			}
		}
		if (least == null || (!isComplete && least.inFlight > 0 && least.inFlight >= free)) {
			return null;
		}
		least.inFlight++;
		this.waiting--;
		return new Next(least.agents.remove(), least);
	}

	/** Takes any agent, which is not called. */
	@Nullable AgentId drop() {
		for (NodeQueue queue : this.queues.values()) {
			AgentId agent = queue.agents.poll();
			if (agent != null) {
				this.waiting--;
				return agent;
			}
		}
		return null;
	}

}
