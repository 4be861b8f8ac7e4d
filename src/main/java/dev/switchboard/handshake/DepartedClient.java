package dev.switchboard.handshake;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Recognizes a handshake whose client has closed its connection. On a busy node, or on
 * one that was stopped, a handshake may wait for longer than its client does. The agent
 * may have connected elsewhere meanwhile, and a connection that is made now would take
 * the agent away from there.
 */
final class DepartedClient {

	/**
	 * The kernel's state of a connection that no side has closed (linux/tcp_states.h).
	 */
	private static final int ESTABLISHED = 1;

	private DepartedClient() {
	}

	/** Whether the client has closed its connection. Asks the kernel. */
	static boolean hasLeft(ServerHttpRequest handshake) {
		return UpgradeRequest.channel(handshake) instanceof EpollSocketChannel socket && !isEstablished(socket);
	}

	private static boolean isEstablished(EpollSocketChannel socket) {
		try {
			return socket.tcpInfo().state() == ESTABLISHED;
		}
		catch (ChannelException ex) {
			return false;
		}
	}

	/** Closes the connection of a handshake without an answer. */
	static void drop(ServerHttpRequest handshake) {
		UpgradeRequest.channel(handshake).close();
	}

}
