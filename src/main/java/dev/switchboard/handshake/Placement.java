package dev.switchboard.handshake;

import java.time.Duration;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.node.Nodes;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Chooses the node for an agent that connects: this node, or, with
 * {@code placement=owner}, the node that still holds the agent.
 */
final class Placement {

	/** The longest wait for the directory. After it, the agent stays on this node. */
	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final PlacementRule rule;

	private final ConnectionRegistry registry;

	private final AgentDirectory directory;

	private final Nodes nodes;

	private final NodeId self;

	private final AgentObstacle obstacle;

	Placement(PlacementRule rule, ConnectionRegistry registry, AgentDirectory directory, Nodes nodes, NodeId self,
			AgentObstacle obstacle) {
		this.rule = rule;
		this.registry = registry;
		this.directory = directory;
		this.nodes = nodes;
		this.self = self;
		this.obstacle = obstacle;
	}

	/**
	 * Returns the URL at which the agent is to connect instead; empty if it is to stay
	 * here.
	 */
	Mono<String> elsewhere(AgentId agent) {
		if (this.rule == PlacementRule.NEWEST || this.registry.find(agent) != null || this.obstacle.isMoving(agent)) {
			return Mono.empty();
		}
		return this.directory.locate(agent, PATIENCE)
			.mapNotNull((found) -> (found.node() != null) ? url(found.node()) : null)
			.onErrorComplete();
	}

	// No agent is sent to a draining node, or to a node past its lease: it may be gone.
	private @Nullable String url(NodeRecord node) {
		boolean takes = node.state() == NodeState.UP && !node.id().equals(this.self) && this.nodes.isWithinLease(node);
		return takes ? node.agentUrl() : null;
	}

}
