package dev.switchboard.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * The bytes that a {@link DetachedSocket} has to send. A socket has one of these only
 * from a write to the flush in the same turn of the event loop, or while the kernel takes
 * no more.
 */
final class Unsent {

	private static final int MIN_CAPACITY = 256;

	private final ByteBuf bytes;

	/**
	 * The number of unsent bytes up to the end of the last pong; 0 if no pong is unsent.
	 */
	private int pongEnd;

	/** Whether the Close frame is among the bytes. No frame follows it. */
	private boolean hasClose;

	private boolean blocked;

	private boolean congested;

	/** Knows of {@link #held} bytes; null until the kernel takes no more. */
	private @Nullable SessionObserver observer;

	private int held;

	/**
	 * The result of a flush.
	 *
	 * @param pongs whether the kernel has taken the last pong
	 * @param close whether the kernel has taken the Close frame
	 * @param relieved whether congestion has ended; then the publisher may go on
	 */
	record Flushed(boolean pongs, boolean close, boolean relieved) {
	}

	/**
	 * Allocates the buffer.
	 * @param first the length of the first payload
	 */
	Unsent(int first) {
		this.bytes = ByteBufAllocator.DEFAULT.directBuffer(Math.max(MIN_CAPACITY, FrameWriter.MAX_HEADER + first));
	}

	void add(byte[] raw) {
		this.bytes.writeBytes(raw);
	}

	/**
	 * Adds a message.
	 * @param highWatermark the number of unsent bytes above which the socket is congested
	 */
	void add(int opcode, DataBuffer payload, int highWatermark) {
		this.bytes.ensureWritable(FrameWriter.MAX_HEADER + payload.readableByteCount());
		FrameWriter.write(this.bytes, opcode, payload);
		this.congested |= this.bytes.readableBytes() > highWatermark;
	}

	/** Adds a pong or the Close frame. */
	void addControl(int opcode, byte[] payload) {
		FrameWriter.write(this.bytes, opcode, payload);
		if (opcode == Opcode.PONG) {
			this.pongEnd = this.bytes.readableBytes();
		}
		else {
			this.hasClose = true;
		}
	}

	/**
	 * Sends as much as the kernel takes.
	 * @param lowWatermark the number of unsent bytes below which congestion ends
	 */
	Flushed send(Socket socket, int lowWatermark) throws IOException {
		boolean hadPong = this.pongEnd > 0;
		boolean wasCongested = this.congested;
		int sent = send(socket);
		this.blocked = !isEmpty();
		this.congested &= this.bytes.readableBytes() >= lowWatermark;
		this.pongEnd = Math.max(0, this.pongEnd - sent);
		return new Flushed(hadPong && this.pongEnd == 0, this.hasClose && isEmpty(), wasCongested && !this.congested);
	}

	private int send(Socket socket) throws IOException {
		int before = this.bytes.readableBytes();
		int count = 1;
		while (count > 0 && this.bytes.isReadable()) {
			ByteBuffer source = this.bytes.internalNioBuffer(this.bytes.readerIndex(), this.bytes.readableBytes());
			count = socket.send(source, source.position(), source.limit());
			this.bytes.skipBytes(count);
		}
		this.bytes.discardSomeReadBytes();
		return before - this.bytes.readableBytes();
	}

	boolean isEmpty() {
		return !this.bytes.isReadable();
	}

	/**
	 * Whether the last flush left bytes unsent. Then epoll must report when the kernel
	 * takes more.
	 */
	boolean isBlocked() {
		return this.blocked;
	}

	/**
	 * Whether the unsent bytes have exceeded the high watermark and have not fallen below
	 * the low one since.
	 */
	boolean isCongested() {
		return this.congested;
	}

	/** Reports how many bytes are held. To be called while the kernel takes no more. */
	void report(@Nullable SessionObserver observer) {
		if (this.observer == null) {
			this.observer = observer;
		}
		hold(this.bytes.capacity());
	}

	private void hold(int count) {
		if (this.observer != null && count != this.held) {
			int change = count - this.held;
			this.held = count;
			this.observer.unsent(change);
		}
	}

	void release() {
		hold(0);
		this.bytes.release();
	}

}
