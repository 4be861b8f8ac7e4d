package dev.switchboard.simulator.agents;

import java.util.concurrent.ThreadLocalRandom;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Makes a client's frames (RFC 6455 section 5), unfragmented. A cheap generator draws the
 * masking keys. They need not be secret, since their purpose is to keep scripts in
 * browsers from choosing the bytes that are sent, and the simulator runs no scripts.
 */
public final class MaskedFrames {

	private MaskedFrames() {
	}

	/**
	 * Makes a whole frame.
	 * @param opcode one of the constants of {@link WebSocketFrame}
	 */
	public static ByteBuf encode(ByteBufAllocator allocator, int opcode, byte[] payload) {
		ByteBuf out = allocator.buffer(14 + payload.length);
		out.writeByte(0x80 | opcode);
		writeLength(out, payload.length);
		int key = ThreadLocalRandom.current().nextInt();
		out.writeInt(key);
		int start = out.writerIndex();
		out.writeBytes(payload);
		mask(out, start, out.writerIndex(), key);
		return out;
	}

	/** Makes a close frame (section 5.5.1). */
	public static ByteBuf close(ByteBufAllocator allocator, int code) {
		return encode(allocator, WebSocketFrame.CLOSE, new byte[] { (byte) (code >> 8), (byte) code });
	}

	private static void writeLength(ByteBuf out, int length) {
		if (length < 126) {
			out.writeByte(0x80 | length);
		}
		else if (length <= 0xFFFF) {
			out.writeByte(0x80 | 126).writeShort(length);
		}
		else {
			out.writeByte(0x80 | 127).writeLong(length);
		}
	}

	private static void mask(ByteBuf out, int from, int to, int key) {
		long wide = ((long) key << 32) | (key & 0xFFFFFFFFL);
		int i = from;
		for (; i + 8 <= to; i += 8) {
			out.setLong(i, out.getLong(i) ^ wide);
		}
		for (int shift = 56; i < to; i++, shift -= 8) {
			out.setByte(i, out.getByte(i) ^ (byte) (wide >> shift));
		}
	}

}
