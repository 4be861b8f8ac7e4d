package dev.switchboard.dns;

import java.net.InetAddress;
import java.util.Set;
import java.util.stream.Collectors;

import dev.switchboard.protocol.NodeId;
import io.netty.util.NetUtil;

/**
 * What a node has in its pool: the node's addresses are in DNS under the pool's name and
 * under the node's own name.
 *
 * @param node the node that has made the entry
 * @param addresses the addresses at which agents reach the node
 */
public record PoolEntry(NodeId node, Set<InetAddress> addresses) {

	public PoolEntry {
		addresses = Set.copyOf(addresses);
	}

	/** Returns the addresses in their shortest form, sorted, separated by commas. */
	public String addressText() {
		return this.addresses.stream().map(NetUtil::toAddressString).sorted().collect(Collectors.joining(","));
	}

}
