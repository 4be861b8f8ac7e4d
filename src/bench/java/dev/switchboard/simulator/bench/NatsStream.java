package dev.switchboard.simulator.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The operations in a server's stream of bytes, which may be cut into pieces anywhere.
 * Keeps no buffer while it has read all. Not thread-safe.
 */
final class NatsStream {

	private ByteBuf unread = Unpooled.EMPTY_BUFFER;

	/** Adds the next piece. */
	void append(ByteBufAllocator allocator, byte[] piece) {
		this.unread = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, this.unread,
				Unpooled.wrappedBuffer(piece));
	}

	/**
	 * The next operation, or null until more has been added.
	 * @throws IllegalStateException if this is no server of NATS
	 */
	@Nullable NatsOperation next() {
		NatsOperation next = NatsOperation.read(this.unread);
		if (!this.unread.isReadable()) {
			release();
		}
		return next;
	}

	/** Forgets what has not been read. */
	void release() {
		this.unread.release();
		this.unread = Unpooled.EMPTY_BUFFER;
	}

}
