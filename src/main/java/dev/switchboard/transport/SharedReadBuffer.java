package dev.switchboard.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/** The buffer that all detached sockets of an event loop read into, one at a time. */
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

	/** The buffer of the current event loop, empty. It stays the event loop's. */
	static ByteBuf cleared() {
		return BUFFER.get().clear();
	}

}
