package dev.switchboard.handshake;

import java.time.Duration;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.Nodes;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Where an agent that connects here is to be: here, or, with {@code placement=owner}, on
 * the node that holds it still.
 */
@Component
final class Placement {

	/** A directory that is silent for longer is away, and the agent is taken here. */
	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final AgentPortSettings settings;

	private final ConnectionRegistry registry;

	private final AgentDirectory directory;

	private final Nodes nodes;

	private final NodeId self;

	Placement(AgentPortSettings settings, ConnectionRegistry registry, AgentDirectory directory, Nodes nodes,
			NodeId self) {
		this.settings = settings;
		this.registry = registry;
		this.directory = directory;
		this.nodes = nodes;
		this.self = self;
	}

	/** The URL at which the agent is to connect; empty if that is this node. */
	Mono<String> elsewhere(AgentId agent) {
		if (this.settings.placement() == PlacementRule.NEWEST || this.registry.find(agent) != null) {
			return Mono.empty();
		}
		return this.directory.locate(agent, PATIENCE)
			.mapNotNull((found) -> (found.node() != null) ? url(found.node()) : null)
			.onErrorComplete();
	}

	// A node that is past its lease may be gone, and one that drains sends agents away.
	private @Nullable String url(NodeRecord node) {
		boolean takes = node.state() == NodeState.UP && !node.id().equals(this.self) && this.nodes.isWithinLease(node);
		return takes ? node.agentUrl() : null;
	}

}
