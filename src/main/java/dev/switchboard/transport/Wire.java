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
	 * Whether so few bytes are unsent that more may be written. If not, the wire calls
	 * {@link LeanSession#writable()} later.
	 */
	boolean isWritable();

	/** Sends bytes as they are. */
	void write(byte[] bytes);

	/** Sends a message's frame, and releases the payload. */
	void write(int opcode, DataBuffer payload);

	/**
	 * Sends a pong or the Close frame. Once the kernel has taken all pongs, the wire
	 * calls {@link LeanSession#pongsSent}; once it has taken the Close frame,
	 * {@link LeanSession#closeSent}.
	 */
	void writeControl(int opcode, byte[] payload);

	/** Closes the socket at once. The wire then calls {@link LeanSession#ended}. */
	void close();

}
