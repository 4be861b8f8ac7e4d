package dev.switchboard.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;

/**
 * The payload of a message or control frame while it arrives. The array grows with the
 * bytes that have come, because a peer could announce any number of bytes and send none.
 * When it grows, it at least doubles. So a byte is copied only a few times on average,
 * however small the frames are. A message that comes in one piece is copied once, from
 * the socket's buffer.
 */
class PayloadBuffer {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final byte[] EMPTY = {};

	private byte[] bytes = EMPTY;

	private int count;

	/**
	 * Appends bytes of a frame, unmasked.
	 * @param total the number of bytes that the payload will have in the end; -1 if that
	 * is not known, because more frames follow
	 * @param key the masking key, rotated so that its first byte is for the first byte to
	 * append
	 */
	final void append(ByteBuf in, int length, int total, int key) {
		int end = this.count + length;
		if (end > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, capacity(end, total));
		}
		in.readBytes(this.bytes, this.count, length);
		unmask(this.bytes, this.count, end, key);
		this.count = end;
	}

	/**
	 * Returns the new length of the array: at least twice the old one, but never more
	 * than the total.
	 */
	private int capacity(int end, int total) {
		int doubled = Math.max(end, 2 * this.bytes.length);
		return (total >= 0) ? Math.min(doubled, total) : doubled;
	}

	/** Drops all bytes after the first {@code length}. */
	final void truncate(int length) {
		this.count = Math.min(this.count, length);
		this.bytes = Arrays.copyOf(this.bytes, this.count);
	}

	final int count() {
		return this.count;
	}

	/**
	 * Returns the array that begins with the bytes so far. It may be longer than these.
	 */
	final byte[] bytes() {
		return this.bytes;
	}

	/** Returns the bytes in an array of exactly their number. */
	final byte[] whole() {
		return (this.count == this.bytes.length) ? this.bytes : Arrays.copyOf(this.bytes, this.count);
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
