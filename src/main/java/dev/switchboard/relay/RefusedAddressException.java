package dev.switchboard.relay;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A webhook's address to which no connection may be made. It has no stack trace. */
final class RefusedAddressException extends RuntimeException {

	RefusedAddressException(SocketAddress address, boolean secure) {
		super(text(address) + (secure ? " is neither public nor in switchboard.events.webhooks.allowed-networks"
				: " is not in switchboard.events.webhooks.allowed-networks, so it needs https"), null, false, false);
	}

	private static String text(SocketAddress address) {
		return (address instanceof InetSocketAddress internet && !internet.isUnresolved())
				? "the address " + internet.getAddress().getHostAddress() : "the address";
	}

}
