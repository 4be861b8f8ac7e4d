package dev.switchboard;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.database.DatabaseSettings;
import dev.switchboard.dns.DnsSettings;
import dev.switchboard.forwarding.ForwardingServer;
import dev.switchboard.forwarding.PeerChecks;
import dev.switchboard.handshake.AgentPortSettings;
import dev.switchboard.handshake.AgentServer;
import dev.switchboard.handshake.HandshakeObstacle;
import dev.switchboard.node.Membership;
import dev.switchboard.node.NodeSettings;
import dev.switchboard.node.NodeStatus;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.security.SecuritySettings;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Collects facts about this node from several rooms, for the directory, the metrics and
 * the log.
 */
@Configuration(proxyBeanMethods = false)
class NodeStatusConfiguration {

	@Bean
	NodeStatus nodeStatus(NodeId node, ForwardingServer forwarding, AgentPortSettings agents, DnsSettings dns,
			ConnectionRegistry connections, ObjectProvider<HandshakeObstacle> obstacles,
			ObjectProvider<BuildProperties> build) {
		return new NodeStatus(forwarding::advertisedPort, ForwardingServer.WIRE, dns.urlOf(node, agents.publicUrl()),
				connections::size, version(build),
				() -> obstacles.stream().anyMatch(HandshakeObstacle::isThere) ? 0 : agents.handshakeRate());
	}

	@Bean
	NodeMetrics nodeMetrics(ObjectProvider<BuildProperties> build, NodeSettings settings, Membership membership,
			ApplicationAvailability availability) {
		return new NodeMetrics(version(build), settings, membership, availability);
	}

	private static String version(ObjectProvider<BuildProperties> build) {
		BuildProperties info = build.getIfAvailable();
		return (info != null) ? String.valueOf(info.getVersion()) : "unknown";
	}

	@Bean
	StartReport startReport(NodeId node, SecuritySettings security, DatabaseSettings database, AgentServer agents,
			ForwardingServer forwarding) {
		return new StartReport(node, security, database, agents::port, forwarding::port);
	}

	/**
	 * Makes a node take no agents while it is the odd one out: most other nodes have
	 * another forwarding secret, and could not call its agents.
	 */
	@Bean
	HandshakeObstacle refusedByOtherNodes(PeerChecks checks) {
		return checks::isOddOneOut;
	}

}
