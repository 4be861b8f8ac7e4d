package dev.switchboard.node;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;

import dev.switchboard.protocol.NodeId;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * A node as the directory knows it.
 *
 * @param id the node
 * @param host the host at which other nodes reach the node
 * @param port the node's forwarding port on that host
 * @param agentUrl the URL at which agents reach this node and no other; null if there is
 * none
 * @param state the state of the node, as far as the directory knows it
 * @param connections how many connections the node had at its last heartbeat
 * @param capacity the most connections that the node takes
 * @param lastHeartbeat the time of the node's last heartbeat, by the directory's clock
 * @param lease how long the node's heartbeat may stand still before other nodes declare
 * the node dead
 * @param traits what the node publishes about itself; {@link NodeTraits#UNKNOWN} if the
 * record was read together with an agent
 */
public record NodeRecord(NodeId id, String host, int port, @Nullable String agentUrl, NodeState state, int connections,
		int capacity, Instant lastHeartbeat, Duration lease, NodeTraits traits) {

	/** Makes the record of a node whose traits are not known. */
	public NodeRecord(NodeId id, String host, int port, @Nullable String agentUrl, NodeState state, int connections,
			int capacity, Instant lastHeartbeat, Duration lease) {
		this(id, host, port, agentUrl, state, connections, capacity, lastHeartbeat, lease, NodeTraits.UNKNOWN);
	}

	/** Returns the same record with these traits. */
	NodeRecord with(NodeTraits traits) {
		return new NodeRecord(this.id, this.host, this.port, this.agentUrl, this.state, this.connections, this.capacity,
				this.lastHeartbeat, this.lease, traits);
	}

	/**
	 * Returns the address at which other nodes reach this node, as {@code host:port}. An
	 * IPv6 address is in brackets and compressed (RFC 5952).
	 */
	public String address() {
		InetAddress address = NetUtil.createInetAddressFromIpAddressString(this.host);
		return ((address instanceof Inet6Address) ? "[" + NetUtil.toAddressString(address) + "]" : this.host) + ":"
				+ this.port;
	}

}
