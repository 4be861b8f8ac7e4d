package dev.switchboard.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * The buffer that all detached sockets of an event loop read into, one after the other.
 */
final class SharedReadBuffer {

	private static final int SIZE = 64 << 10;

	private static final FastThreadLocal<ByteBuf> BUFFER = new FastThreadLocal<>() {

		@Override
		protected ByteBuf initialValue() {
			return Unpooled.directBuffer(SIZE, SIZE);
		}

		@Override
		protected void onRemoval(ByteBuf buffer) {
			buffer.release();
		}

	};

	private SharedReadBuffer() {
	}

	/**
	 * Returns the buffer of the current event loop, emptied. The caller must not keep it.
	 */
	static ByteBuf cleared() {
		return BUFFER.get().clear();
	}

}
