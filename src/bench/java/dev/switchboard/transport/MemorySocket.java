package dev.switchboard.transport;

import java.nio.ByteBuffer;

import io.netty.channel.unix.Socket;

/**
 * A socket without a descriptor: what is sent goes to its agent in this process, and what
 * the agent says comes back. Used on its event loop, whose handler holds the bytes, so
 * that while it is idle it has the size of the socket it stands for. They all name one
 * real descriptor, on which nothing is ever done, because Netty asks of which kind it is.
 */
final class MemorySocket extends Socket {

	private static final Socket NAMED = newSocketStream();

	private final int number;

	/**
	 * @param number stands for the descriptor's number, as the key of its registration
	 */
	MemorySocket(int number) {
		super(NAMED.intValue());
		this.number = number;
	}

	int number() {
		return this.number;
	}

	@Override
	public int recv(ByteBuffer buffer, int position, int limit) {
		byte[] bytes = MemoryIoHandler.current().received();
		buffer.put(position, bytes);
		return (bytes.length > 0) ? bytes.length : -1;
	}

	@Override
	public int send(ByteBuffer buffer, int position, int limit) {
		MemoryIoHandler.current().sent(this.number, buffer.slice(position, limit - position));
		return limit - position;
	}

	@Override
	public void close() {
		markClosed();
	}

}
