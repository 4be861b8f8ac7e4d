package dev.switchboard.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.Socket;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Bytes that a {@link DetachedSocket} has to send. There is one only between a write and
 * the flush in the same turn of the event loop, or while the kernel takes no more.
 */
final class Unsent {

	private static final int LEAST = 256;

	private final ByteBuf bytes;

	/** How far the last pong reaches; 0 without one. */
	private int pongEnd;

	private boolean blocked;

	private boolean congested;

	/**
	 * Makes room.
	 * @param first the first payload's bytes, which may be the only ones
	 */
	Unsent(int first) {
		this.bytes = ByteBufAllocator.DEFAULT.directBuffer(Math.max(LEAST, FrameWriter.MAX_HEADER + first));
	}

	void add(byte[] raw) {
		this.bytes.writeBytes(raw);
	}

	/** Adds a message, after which no more may fit below the watermark. */
	void add(int opcode, DataBuffer payload, int highWatermark) {
		this.bytes.ensureWritable(FrameWriter.MAX_HEADER + payload.readableByteCount());
		FrameWriter.write(this.bytes, opcode, payload);
		this.congested |= this.bytes.readableBytes() > highWatermark;
	}

	void addControl(int opcode, byte[] payload) {
		FrameWriter.write(this.bytes, opcode, payload);
		if (opcode == Opcode.PONG) {
			this.pongEnd = this.bytes.readableBytes();
		}
	}

	/** Sends what the kernel takes. */
	void send(Socket socket, int lowWatermark) throws IOException {
		int before = this.bytes.readableBytes();
		int count = 1;
		while (count > 0 && this.bytes.isReadable()) {
			ByteBuffer source = this.bytes.internalNioBuffer(this.bytes.readerIndex(), this.bytes.readableBytes());
			count = socket.send(source, source.position(), source.limit());
			this.bytes.skipBytes(count);
		}
		this.bytes.discardSomeReadBytes();
		int after = this.bytes.readableBytes();
		this.blocked = after > 0;
		this.congested &= after >= lowWatermark;
		this.pongEnd = Math.max(0, this.pongEnd - (before - after));
	}

	boolean isEmpty() {
		return !this.bytes.isReadable();
	}

	boolean hasPong() {
		return this.pongEnd > 0;
	}

	/** The kernel has taken less than all, so epoll tells when to send again. */
	boolean isBlocked() {
		return this.blocked;
	}

	/** More than the high watermark was here, and not yet less than the low one is. */
	boolean isCongested() {
		return this.congested;
	}

	void release() {
		this.bytes.release();
	}

}
