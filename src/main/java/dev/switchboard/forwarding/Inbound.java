package dev.switchboard.forwarding;

import io.netty.buffer.ByteBuf;

/**
 * A request of another node, while this node receives and serves it. Belongs to its
 * connection's event loop.
 */
interface Inbound {

	/** Takes a part of the body. */
	void read(ByteBuf part, boolean last);

	/**
	 * Called when the request's stream has closed: after the answer, by a cancellation,
	 * or because the connection has ended. Cancels work that is not done.
	 */
	void close();

}
