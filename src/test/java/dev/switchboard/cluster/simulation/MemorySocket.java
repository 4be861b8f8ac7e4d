package dev.switchboard.cluster.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.netty.channel.unix.Socket;

/**
 * A socket in memory, for code that uses descriptors directly. All of these share one
 * descriptor that exists and is never used.
 */
final class MemorySocket extends Socket {

	private static final Socket DESCRIPTOR = newSocketStream();

	private final TcpEnd end;

	MemorySocket(TcpEnd end) {
		super(DESCRIPTOR.intValue());
		this.end = end;
	}

	TcpEnd end() {
		return this.end;
	}

	@Override
	public int recv(ByteBuffer buffer, int position, int limit) throws IOException {
		byte[] read = this.end.read(limit - position);
		if (read == null) {
			return -1;
		}
		buffer.put(position, read);
		return read.length;
	}

	@Override
	public int send(ByteBuffer buffer, int position, int limit) throws IOException {
		byte[] bytes = new byte[limit - position];
		buffer.get(position, bytes);
		return this.end.send(bytes, 0, bytes.length);
	}

	@Override
	public void close() {
		if (markClosed()) {
			this.end.close();
		}
	}

}
