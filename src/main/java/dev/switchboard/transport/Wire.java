package dev.switchboard.transport;

import io.netty.channel.EventLoop;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * What carries a session's bytes. It tells the session of what arrives and of its end,
 * and is used on its event loop alone. What is written in one turn of the loop is flushed
 * together.
 */
interface Wire {

	EventLoop eventLoop();

	/** Whether the socket is to be read. */
	void setReading(boolean on);

	/**
	 * Whether unsent bytes are few enough for more; if not,
	 * {@link LeanSession#writable()} follows.
	 */
	boolean isWritable();

	/** Sends bytes as they are. */
	void write(byte[] bytes);

	/** Sends a message's frame, and releases the payload. */
	void write(int opcode, DataBuffer payload);

	/**
	 * Sends a pong or the Close frame; {@link LeanSession#controlSent} follows once the
	 * kernel has all that were written.
	 */
	void writeControl(int opcode, byte[] payload);

	/** Closes at once; {@link LeanSession#ended} follows. */
	void close();

}
