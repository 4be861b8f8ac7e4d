package dev.switchboard.connection;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/**
 * Makes the bytes of a frame. A long payload is shared with the request that it came in;
 * a short one is copied, which is cheaper than a buffer of several parts.
 */
final class FrameBytes {

	private static final int LONG = 4 * 1024;

	private static final byte[] END = { '}' };

	private static final NettyDataBufferFactory BUFFERS = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);

	private FrameBytes() {
	}

	static DataBuffer of(Frame.FromCaller frame) {
		Payload payload = frame.payload();
		if (!isWorthSharing(payload)) {
			return DefaultDataBufferFactory.sharedInstance.wrap(FrameCodec.encode(frame));
		}
		return BUFFERS.wrap(Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(FrameCodec.encodeHead(frame)),
				Unpooled.wrappedBuffer(payload.bytes(), payload.offset(), payload.length()),
				Unpooled.wrappedBuffer(END)));
	}

	/**
	 * Whether the payload is shared and not copied. Sharing keeps the payload's whole
	 * backing array alive, so the payload must be at least half of it.
	 */
	private static boolean isWorthSharing(Payload payload) {
		return payload.length() >= LONG && payload.length() >= payload.bytes().length / 2;
	}

	/**
	 * Moves bytes with a shared payload out of the heap. In the heap, garbage collections
	 * would copy them while they wait for a slow agent, and all threads would wait for
	 * the copying.
	 */
	static DataBuffer outsideHeap(DataBuffer bytes) {
		if (!(bytes instanceof NettyDataBuffer parts)) {
			return bytes;
		}
		ByteBuf outside = ByteBufAllocator.DEFAULT.directBuffer(bytes.readableByteCount());
		outside.writeBytes(parts.getNativeBuffer());
		DataBufferUtils.release(bytes);
		return BUFFERS.wrap(outside);
	}

}
