package dev.switchboard.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

import dev.switchboard.loop.DirectInterest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * A socket that has left its Netty channel. It is registered directly with the event
 * loop's epoll. It reads into a buffer that all sockets of the event loop share. It has a
 * buffer of its own only between a write and the next flush, or while the peer is slow.
 */
final class DetachedSocket implements Wire, EpollIoHandle, DirectInterest, Runnable {

	private final LeanSession session;

	private final IoEventLoop eventLoop;

	/**
	 * The channel's socket object. It is the same object as in the channel, so that the
	 * descriptor is closed only once.
	 */
	private final Socket socket;

	private final IoRegistration registration;

	private @Nullable EpollIoOps interest;

	private @Nullable Unsent unsent;

	/**
	 * Registers the socket on the event loop. The socket's channel must be deregistered
	 * already.
	 */
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
				run();
			}
			// Also reads after an error or the end of the input, because the read reports
			// them.
			if (ready.value() != EpollIoOps.EPOLLOUT.value() && this.socket.isOpen()) {
				read();
			}
		}
		catch (Throwable ex) { // an Error would end the event loop, and all connections
			end(ex);
		}
	}

	/**
	 * Reads once. Epoll reports the socket again while there is more.
	 * @return whether there were bytes to read
	 */
	private boolean read() throws IOException {
		ByteBuf buffer = SharedReadBuffer.cleared();
		ByteBuffer target = buffer.internalNioBuffer(0, buffer.capacity());
		int count = this.socket.recv(target, target.position(), target.limit());
		if (count > 0) {
			this.session.arrived(buffer.writerIndex(count));
		}
		else if (count < 0) {
			this.session.inputEnded();
		}
		return count > 0;
	}

	/**
	 * Reads what came before the peer reset the connection: an answer may be among it.
	 * The peer sends no more, so the rest is at most what the kernel holds.
	 */
	private void readRest() {
		try {
			boolean more = true;
			while (more) {
				more = isReading() && this.socket.isOpen() && read();
			}
		}
		catch (IOException | RuntimeException ex) {
			// There is no more, or it cannot be read. The socket ends in any case.
		}
	}

	@Override
	public void setReading(boolean on) {
		submit(Interest.of(on, this.unsent != null && this.unsent.isBlocked()));
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
		Unsent out = unsent(payload.readableByteCount());
		out.add(opcode, payload, this.session.context.settings().highWatermark());
		if (out.isBlocked()) {
			out.report(this.session.observer());
		}
	}

	@Override
	public void writeControl(int opcode, byte[] payload) {
		unsent(payload.length).addControl(opcode, payload);
	}

	/**
	 * Returns the unsent bytes. If there are none, makes a buffer and schedules its
	 * flush, which runs after the tasks already queued.
	 */
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
		catch (IOException ex) {
			readRest();
			end(ex);
		}
		catch (RuntimeException ex) {
			end(ex);
		}
	}

	private void flush() throws IOException {
		Unsent out = this.unsent;
		if (out == null) {
			return;
		}
		Unsent.Flushed flushed = out.send(this.socket, this.session.context.settings().lowWatermark());
		if (out.isEmpty()) {
			this.unsent = null;
			out.release();
		}
		else {
			out.report(this.session.observer());
		}
		setReading(isReading());
		report(flushed);
	}

	private void report(Unsent.Flushed flushed) {
		if (flushed.pongs()) {
			this.session.pongsSent();
		}
		if (flushed.close()) {
			this.session.closeSent();
		}
		if (flushed.relieved()) {
			this.session.writable();
		}
	}

	/** Closes the socket. An event loop that ends also calls this. */
	@Override
	public void close() {
		if (this.unsent != null && !this.session.isOpen()) {
			reset();
		}
		end((this.unsent != null) ? new ClosedChannelException() : null);
	}

	/**
	 * Makes the close send a TCP reset. A peer that has not read the Close frame in time
	 * may never read, and the kernel would keep the unsent bytes for minutes.
	 */
	private void reset() {
		try {
			this.socket.setSoLinger(0);
		}
		catch (IOException ex) {
			// The socket closes without a reset.
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
			// The descriptor is released even if close fails.
		}
		this.registration.cancel();
		this.session.ended(cause);
	}

}
