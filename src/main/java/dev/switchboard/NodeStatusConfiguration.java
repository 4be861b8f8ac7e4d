package dev.switchboard;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.forwarding.ForwardingServer;
import dev.switchboard.handshake.AgentPortSettings;
import dev.switchboard.node.NodeState;
import dev.switchboard.node.NodeStatus;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives the room {@code node} the facts about this node that other rooms have. */
@Configuration(proxyBeanMethods = false)
class NodeStatusConfiguration {

	@Bean
	NodeStatus nodeStatus(ForwardingServer forwarding, AgentPortSettings agents, ConnectionRegistry connections) {
		return new NodeStatus(forwarding::advertisedPort, ForwardingServer.WIRE, agents.publicUrl(), connections::size,
				() -> NodeState.UP);
	}

}
