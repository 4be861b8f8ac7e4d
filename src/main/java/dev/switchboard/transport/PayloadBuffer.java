package dev.switchboard.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;

/**
 * The payload of a message or control frame while it arrives. The array grows with the
 * bytes that came, since a peer could announce any number and send none. At the end of a
 * frame the array is exactly full: a message that comes in one piece is copied once, from
 * the socket's buffer.
 */
final class PayloadBuffer {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final byte[] EMPTY = {};

	private byte[] bytes = EMPTY;

	private int count;

	/**
	 * Appends bytes of a frame, unmasked.
	 * @param announced the number of bytes of the frame that are still to be appended,
	 * including those of this call
	 * @param key the masking key, rotated so that its first byte is for the first byte to
	 * append
	 */
	void append(ByteBuf in, int length, int announced, int key) {
		int end = this.count + length;
		if (end > this.bytes.length) {
			int capacity = Math.max(end, Math.min(this.count + announced, 2 * this.bytes.length));
			this.bytes = Arrays.copyOf(this.bytes, capacity);
		}
		in.readBytes(this.bytes, this.count, length);
		unmask(this.bytes, this.count, end, key);
		this.count = end;
	}

	/**
	 * Returns the first bytes of the message, including those of a frame that is too long
	 * to be appended.
	 */
	byte[] prefix(int max, ByteBuf in, long length, int key) {
		int present = Math.min(max, this.count);
		int rest = (int) Math.min(Math.min(max - present, in.readableBytes()), length);
		byte[] prefix = Arrays.copyOf(this.bytes, present + rest);
		in.getBytes(in.readerIndex(), prefix, present, rest);
		unmask(prefix, present, prefix.length, key);
		return prefix;
	}

	int count() {
		return this.count;
	}

	/**
	 * Returns the array of the bytes so far. At the end of a frame it is exactly full.
	 */
	byte[] bytes() {
		return this.bytes;
	}

	/**
	 * Unmasks the bytes: XORs them with the masking key (RFC 6455 section 5.3), eight at
	 * a time.
	 */
	static void unmask(byte[] bytes, int from, int to, int key) {
		long twice = ((long) key << 32) | (key & 0xFFFF_FFFFL);
		int i = from;
		for (; i <= to - Long.BYTES; i += Long.BYTES) {
			LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ twice);
		}
		for (int shift = 24; i < to; i++, shift -= 8) {
			bytes[i] ^= (byte) (key >> shift); // shifts count modulo 32
		}
	}

}
