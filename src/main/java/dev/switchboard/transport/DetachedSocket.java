package dev.switchboard.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

import dev.switchboard.loop.DirectInterest;
import io.netty.buffer.ByteBuf;
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
final class DetachedSocket implements Wire, EpollIoHandle, DirectInterest, Runnable {

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

	private @Nullable Unsent unsent;

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
		catch (Throwable ex) { // an Error would end the event loop, and all connections
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
		boolean blocked = this.unsent != null && this.unsent.isBlocked();
		submit(on ? (blocked ? IN_OUT : IN) : (blocked ? OUT : NOTHING));
	}

	private boolean isReading() {
		return this.interest != null && this.interest.contains(EpollIoOps.EPOLLIN);
	}

	private void submit(EpollIoOps wanted) {
		if (!wanted.equals(this.interest) && this.socket.isOpen()) {
			this.interest = wanted;
			this.registration.submit(wanted);
		}
	}

	@Override
	public boolean isWritable() {
		return this.unsent == null || !this.unsent.isCongested();
	}

	@Override
	public void write(byte[] bytes) {
		unsent(bytes.length).add(bytes);
	}

	@Override
	public void write(int opcode, DataBuffer payload) {
		unsent(payload.readableByteCount()).add(opcode, payload, this.session.context.settings().highWatermark());
	}

	@Override
	public void writeControl(int opcode, byte[] payload) {
		unsent(payload.length).addControl(opcode, payload);
	}

	/** The first write of a turn has the flush come after the tasks that wait already. */
	private Unsent unsent(int first) {
		if (this.unsent == null) {
			this.unsent = new Unsent(first);
			this.eventLoop.execute(this);
		}
		return this.unsent;
	}

	@Override
	public void run() {
		try {
			flush();
		}
		catch (IOException | RuntimeException ex) {
			end(ex);
		}
	}

	private void flush() throws IOException {
		Unsent out = this.unsent;
		if (out == null) {
			return;
		}
		boolean hadPong = out.hasPong();
		boolean wasCongested = out.isCongested();
		out.send(this.socket, this.session.context.settings().lowWatermark());
		boolean empty = out.isEmpty();
		if (empty) {
			this.unsent = null;
			out.release();
		}
		setReading(isReading());
		if (hadPong && !out.hasPong()) {
			this.session.controlSent(Opcode.PONG);
		}
		if (empty && !this.session.isOpen()) {
			this.session.controlSent(Opcode.CLOSE); // the last frame there was
		}
		if (wasCongested && !out.isCongested()) {
			this.session.writable();
		}
	}

	/** Also called when the event loop ends. */
	@Override
	public void close() {
		if (this.unsent != null && !this.session.isOpen()) {
			reset();
		}
		end((this.unsent != null) ? new ClosedChannelException() : null);
	}

	/**
	 * Has the kernel drop what it holds for a peer that has not read the Close frame in
	 * time, instead of keeping it for minutes.
	 */
	private void reset() {
		try {
			this.socket.setSoLinger(0);
		}
		catch (IOException ex) {
			// It ends the usual way.
		}
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

}
