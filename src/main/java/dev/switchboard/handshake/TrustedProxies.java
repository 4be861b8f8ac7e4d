package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.util.List;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * The networks of the proxies that are trusted to report the addresses of agents.
 * Immutable.
 */
final class TrustedProxies {

	private static final int BITS_OF_V4 = 32;

	private static final int BITS_OF_V6 = 128;

	private final List<IpSubnetFilterRule> networks;

	/**
	 * @param networks networks in CIDR notation, or single addresses
	 * @throws IllegalArgumentException if an entry is neither
	 */
	TrustedProxies(List<String> networks) {
		this.networks = networks.stream().map((network) -> rule(network.strip())).toList();
	}

	private static IpSubnetFilterRule rule(String network) {
		int slash = network.indexOf('/');
		String address = (slash < 0) ? network : network.substring(0, slash);
		boolean v4 = NetUtil.isValidIpV4Address(address);
		int bits = v4 ? BITS_OF_V4 : BITS_OF_V6;
		int prefix = (slash < 0) ? bits : number(network.substring(slash + 1));
		// Netty would look a host name up, so only addresses are let through.
		if ((!v4 && !NetUtil.isValidIpV6Address(address)) || prefix < 0 || prefix > bits) {
			throw new IllegalArgumentException("'" + network + "' is not a network such as 10.0.0.0/8 or fd00::/8");
		}
		return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
	}

	/** Returns the number, or -1 if the text is not a number of up to three digits. */
	private static int number(String digits) {
		boolean plain = !digits.isEmpty() && digits.length() <= 3
				&& digits.chars().allMatch((c) -> c >= '0' && c <= '9');
		return plain ? Integer.parseInt(digits) : -1;
	}

	boolean isEmpty() {
		return this.networks.isEmpty();
	}

	boolean contain(@Nullable InetSocketAddress peer) {
		if (peer == null || peer.isUnresolved()) {
			return false;
		}
		for (IpSubnetFilterRule network : this.networks) {
			if (network.matches(peer)) {
				return true;
			}
		}
		return false;
	}

}
