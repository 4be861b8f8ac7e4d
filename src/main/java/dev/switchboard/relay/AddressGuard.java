package dev.switchboard.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

import dev.switchboard.problem.SettingsRefusedException;

import org.springframework.boot.http.client.InetAddressFilter;

/**
 * Decides to which addresses webhooks may connect: to public ones by https, and to the
 * allowed networks by https and http. An address is checked when a connection is made to
 * it, whatever name it comes from, so a name whose address changes gets nowhere.
 * Immutable.
 */
final class AddressGuard {

	/** Networks that lead elsewhere, or that are for special purposes (RFC 6890). */
	private static final String[] NOT_PUBLIC = { "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24",
			"192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "::/96",
			"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
			"5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8" };

	private static final InetAddressFilter PUBLIC = InetAddressFilter.externalAddresses().andNot(NOT_PUBLIC);

	private final InetAddressFilter allowed;

	private final boolean someAllowed;

	/**
	 * Makes a guard.
	 * @param networks the allowed networks, in CIDR notation
	 * @throws SettingsRefusedException if one of them is not a network
	 */
	AddressGuard(List<String> networks) {
		this.someAllowed = !networks.isEmpty();
		this.allowed = networks.stream()
			.map(AddressGuard::network)
			.reduce(InetAddressFilter::or)
			.orElseGet(InetAddressFilter::none);
	}

	private static InetAddressFilter network(String network) {
		try {
			return InetAddressFilter.of(network);
		}
		catch (IllegalArgumentException ex) {
			throw new SettingsRefusedException(
					"switchboard.events.webhooks.allowed-networks has an entry that is not a network: " + network,
					"Write each network in CIDR notation, for example 10.0.0.0/8.");
		}
	}

	/** Whether there are addresses to which http is allowed. */
	boolean allowsHttp() {
		return this.someAllowed;
	}

	/** Whether connections to this address may be made. */
	boolean allows(InetAddress address, boolean secure) {
		return this.allowed.matches(address) || (secure && PUBLIC.matches(address));
	}

	/**
	 * Checks an address before a connection is made to it.
	 * @throws RefusedAddressException if that is not allowed
	 */
	void check(SocketAddress address, boolean secure) {
		if (!(address instanceof InetSocketAddress internet) || internet.isUnresolved()
				|| !allows(internet.getAddress(), secure)) {
			throw new RefusedAddressException(address, secure);
		}
	}

}
