package dev.switchboard.transport;

import io.netty.channel.EventLoop;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Carries a session's bytes. It calls the session when bytes arrive and when the socket
 * closes. Used on its event loop only. Writes of one turn of the event loop are flushed
 * together.
 */
interface Wire {

	EventLoop eventLoop();

	/** Sets whether the socket is read. */
	void setReading(boolean on);

	/**
	 * Whether few enough bytes are unsent to write more; if not,
	 * {@link LeanSession#writable()} follows.
	 */
	boolean isWritable();

	/** Sends bytes as they are. */
	void write(byte[] bytes);

	/** Sends a message's frame, and releases the payload. */
	void write(int opcode, DataBuffer payload);

	/**
	 * Sends a pong or the Close frame. Once the kernel has all of them,
	 * {@link LeanSession#pongsSent} or {@link LeanSession#closeSent} follows.
	 */
	void writeControl(int opcode, byte[] payload);

	/** Closes the socket at once; {@link LeanSession#ended} follows. */
	void close();

}
