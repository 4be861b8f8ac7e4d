package dev.switchboard.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * A socket that has left its channel, by itself on the event loop's epoll. It reads into
 * a buffer that all sockets of the loop share, and has one of its own only between a
 * write and the flush, or while the peer is slow.
 */
final class DetachedSocket implements Wire, EpollIoHandle, Runnable {

	private static final int READ_SIZE = 64 << 10;

	private static final FastThreadLocal<ByteBuf> READ_BUFFER = new FastThreadLocal<>() {

		@Override
		protected ByteBuf initialValue() {
			return Unpooled.directBuffer(READ_SIZE, READ_SIZE);
		}

		@Override
		protected void onRemoval(ByteBuf buffer) {
			buffer.release();
		}

	};

	/** Reported in any case; submitting NONE instead could not be undone. */
	private static final EpollIoOps NOTHING = EpollIoOps.EPOLLERR;

	private static final EpollIoOps IN = NOTHING.with(EpollIoOps.EPOLLIN).with(EpollIoOps.EPOLLRDHUP);

	private static final EpollIoOps OUT = NOTHING.with(EpollIoOps.EPOLLOUT);

	private static final EpollIoOps IN_OUT = IN.with(EpollIoOps.EPOLLOUT);

	private final LeanSession session;

	private final IoEventLoop eventLoop;

	/**
	 * The channel's own object, so that whoever closes it, the descriptor is closed once.
	 */
	private final Socket socket;

	private final IoRegistration registration;

	private @Nullable EpollIoOps interest;

	private @Nullable ByteBuf unsent;

	/** Unsent bytes up to the end of the last pong; 0 without one. */
	private int pongEnd;

	private boolean reading;

	private boolean flushing;

	/** The kernel takes no more for now. */
	private boolean blocked;

	/** More than the high watermark was unsent, and not yet less than the low one is. */
	private boolean congested;

	/** Registers the socket, on its event loop, which its channel has left. */
	DetachedSocket(Socket socket, IoEventLoop eventLoop, LeanSession session) {
		this.session = session;
		this.eventLoop = eventLoop;
		this.socket = socket;
		this.registration = eventLoop.register(this).resultNow();
	}

	@Override
	public EventLoop eventLoop() {
		return this.eventLoop;
	}

	@Override
	public FileDescriptor fd() {
		return this.socket;
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		EpollIoOps ready = ((EpollIoEvent) event).ops();
		try {
			if (ready.contains(EpollIoOps.EPOLLOUT)) {
				flush();
			}
			// An error or the end of both directions is for the read to tell.
			if (ready.value() != EpollIoOps.EPOLLOUT.value() && this.socket.isOpen()) {
				read();
			}
		}
		catch (IOException | RuntimeException ex) {
			end(ex);
		}
	}

	/** Reads once; epoll comes back while there is more. */
	private void read() throws IOException {
		ByteBuf buffer = READ_BUFFER.get().clear();
		ByteBuffer target = buffer.internalNioBuffer(0, buffer.capacity());
		int count = this.socket.recv(target, target.position(), target.limit());
		if (count > 0) {
			this.session.arrived(buffer.writerIndex(count));
		}
		else if (count < 0) {
			this.session.inputEnded();
		}
	}

	@Override
	public void setReading(boolean on) {
		this.reading = on;
		updateInterest();
	}

	@Override
	public boolean isWritable() {
		return !this.congested;
	}

	@Override
	public void write(byte[] bytes) {
		unsent(bytes.length).writeBytes(bytes);
		flushSoon();
	}

	@Override
	public void write(int opcode, DataBuffer payload) {
		FrameWriter.write(unsent(FrameWriter.MAX_HEADER + payload.readableByteCount()), opcode, payload);
		this.congested |= unsentBytes() > this.session.settings.highWatermark();
		flushSoon();
	}

	@Override
	public void writeControl(int opcode, byte[] payload) {
		FrameWriter.write(unsent(FrameWriter.MAX_HEADER + payload.length), opcode, payload);
		if (opcode == Opcode.PONG) {
			this.pongEnd = unsentBytes();
		}
		flushSoon();
	}

	/** Flushes, after the tasks that were there when the first frame was written. */
	@Override
	public void run() {
		this.flushing = false;
		try {
			flush();
		}
		catch (IOException ex) {
			end(ex);
		}
	}

	private void flush() throws IOException {
		ByteBuf out = this.unsent;
		if (out == null) {
			return;
		}
		int sent = send(out);
		this.blocked = out.isReadable();
		if (this.blocked) {
			out.discardSomeReadBytes();
		}
		else {
			this.unsent = null;
			out.release();
		}
		updateInterest();
		tell(sent);
	}

	private int send(ByteBuf out) throws IOException {
		int start = out.readerIndex();
		int count = 1;
		while (count > 0 && out.isReadable()) {
			ByteBuffer source = out.internalNioBuffer(out.readerIndex(), out.readableBytes());
			count = this.socket.send(source, source.position(), source.limit());
			out.skipBytes(count);
		}
		return out.readerIndex() - start;
	}

	/** Tells the session what became of what it wrote. */
	private void tell(int sent) {
		if (this.pongEnd > 0) {
			this.pongEnd = Math.max(0, this.pongEnd - sent);
			if (this.pongEnd == 0) {
				this.session.controlSent(Opcode.PONG);
			}
		}
		if (!this.blocked && !this.session.isOpen()) {
			this.session.controlSent(Opcode.CLOSE); // the last frame there was
		}
		if (this.congested && unsentBytes() < this.session.settings.lowWatermark()) {
			this.congested = false;
			this.session.writable();
		}
	}

	/** Also called when the event loop ends. */
	@Override
	public void close() {
		end((this.unsent != null) ? new ClosedChannelException() : null);
	}

	private void end(@Nullable Throwable cause) {
		if (this.unsent != null) {
			this.unsent.release();
			this.unsent = null;
		}
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// The descriptor is free nevertheless.
		}
		this.registration.cancel();
		this.session.ended(cause);
	}

	private ByteBuf unsent(int more) {
		if (this.unsent == null) {
			this.unsent = ByteBufAllocator.DEFAULT.directBuffer(more);
		}
		return this.unsent;
	}

	private int unsentBytes() {
		return (this.unsent != null) ? this.unsent.readableBytes() : 0;
	}

	private void flushSoon() {
		if (!this.flushing && !this.blocked) {
			this.flushing = true;
			this.eventLoop.execute(this);
		}
	}

	private void updateInterest() {
		EpollIoOps wanted = this.reading ? (this.blocked ? IN_OUT : IN) : (this.blocked ? OUT : NOTHING);
		if (!wanted.equals(this.interest) && this.socket.isOpen()) {
			this.interest = wanted;
			this.registration.submit(wanted);
		}
	}

}
