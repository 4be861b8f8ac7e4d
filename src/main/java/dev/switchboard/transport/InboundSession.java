package dev.switchboard.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.socket.HandshakeInfo;

/**
 * The receiving half of a session: turns bytes into as many messages as the subscriber
 * has requested. It is a superclass of {@link LeanSession}, which saves an object for
 * each idle connection. Its fields mean:
 *
 * <pre>
 *   held    inputEnded
 *   null        no      the socket is read while there is demand or the session closes
 *   set         no      the socket is not read: the held bytes came without demand
 *   set         yes     the socket is not read; the end is handled after the held bytes
 *   null        yes     everything is read, and the session closes
 * </pre>
 */
abstract class InboundSession extends SubscribedSession {

	/** Null unless a message is incomplete or the session is closing. */
	private @Nullable FrameReader reader;

	private @Nullable ByteBuf held;

	private volatile long lastHeard;

	/** Whether {@link #read} is running. {@link #resume} does nothing then. */
	private boolean reading;

	/** Whether the peer has ended its side of the socket. */
	private boolean inputEnded;

	InboundSession(Wire wire, HandshakeInfo handshake, SessionContext context) {
		super(wire, handshake, context);
		this.lastHeard = context.time().nanoTime();
	}

	@Override
	public final long lastHeardNanos() {
		return this.lastHeard;
	}

	/** Takes bytes from the wire and consumes them. The buffer remains the caller's. */
	final void arrived(ByteBuf in) {
		this.lastHeard = this.context.time().nanoTime();
		Closing closing = closing();
		if (closing != null) {
			closing.discarded(in.readableBytes());
		}
		if (this.held != null) {
			this.held.writeBytes(in);
		}
		else {
			read(in);
			if (in.isReadable()) {
				this.held = Unpooled.buffer(in.readableBytes()).writeBytes(in);
			}
		}
		checkTime();
		resume();
	}

	private void checkTime() {
		if (this.reader != null && isOpen()) {
			try {
				this.reader.checkTime(this.lastHeard);
			}
			catch (FrameViolationException ex) {
				onViolation(ex);
			}
		}
	}

	/** Called by the wire when the peer has ended its side of the socket. */
	final void inputEnded() {
		this.inputEnded = true;
		resume();
	}

	/**
	 * Reads as many messages as are requested, or everything if the session is closing.
	 */
	@Override
	final void resume() {
		if (this.reading || isEnded()) {
			return;
		}
		ByteBuf waiting = this.held;
		if (waiting != null) {
			read(waiting);
			this.held = waiting.isReadable() ? waiting : null;
		}
		wire().setReading(wantsInput() && !this.inputEnded);
		if (this.held == null && this.inputEnded) {
			onInputEnd();
		}
	}

	/** Discards all further input except the peer's Close frame. */
	final void discardInput() {
		reader().skip();
	}

	final void dropInput() {
		dropReader();
		this.held = null;
	}

	private void read(ByteBuf in) {
		int before = in.readableBytes();
		this.reading = true;
		try {
			while (in.isReadable() && wantsInput()) {
				readFrame(in);
			}
		}
		finally {
			this.reading = false;
		}
		if (isEnded()) {
			in.skipBytes(in.readableBytes());
		}
		report(before - in.readableBytes());
		if (isEnded() || reader().isIdle()) {
			dropReader();
		}
	}

	private void report(int bytes) {
		SessionObserver observer = observer();
		if (observer != null && isOpen()) {
			reader().account(observer, bytes, this.lastHeard);
		}
	}

	private void dropReader() {
		if (this.reader != null) {
			this.reader.endAccount();
			this.reader = null;
		}
	}

	private void readFrame(ByteBuf in) {
		try {
			RawMessage message = reader().next(in, this.lastHeard);
			if (message == null) {
				return;
			}
			switch (message.opcode()) {
				case Opcode.PING -> onPing(message.payload());
				case Opcode.CLOSE -> onClose(message.payload());
				default -> deliver(message);
			}
		}
		catch (FrameViolationException ex) {
			onViolation(ex);
		}
	}

	private FrameReader reader() {
		if (this.reader == null) {
			this.reader = new FrameReader(this.context.settings().message());
		}
		return this.reader;
	}

	abstract void onPing(byte[] payload);

	/** Called when the peer's Close frame has come. */
	abstract void onClose(byte[] payload);

	/** Called when the peer has broken RFC 6455 or a bound on messages. */
	abstract void onViolation(FrameViolationException violation);

	/**
	 * Called when the peer has ended its side of the socket and all its bytes are read.
	 */
	abstract void onInputEnd();

}
