package dev.switchboard.transport;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * The protocol of a session, whatever carries its bytes: what is sent, pings, and the
 * closing handshake (RFC 6455 sections 5.5 and 7). All state is the event loop's, except
 * for what the SPI asks from anywhere.
 */
abstract class LeanSession extends InboundSession implements Runnable {

	private @Nullable HandlerRun handler;

	private @Nullable Outbound outbound;

	/** The newest ping's payload, while an older one's pong is unsent. */
	private byte @Nullable [] pong;

	private Sinks.@Nullable One<CloseStatus> closeStatus;

	private volatile @Nullable Closing closing;

	private boolean pongUnsent;

	private boolean flushing;

	LeanSession(HandshakeInfo handshake, TransportSettings settings) {
		super(handshake, settings);
	}

	/** Lets the handler work, on the event loop. */
	final void start(WebSocketHandler handler) {
		this.handler = new HandlerRun(this);
		this.handler.start(handler);
		forgetHandshake();
	}

	@Override
	public final boolean isOpen() {
		return this.closing == null;
	}

	@Override
	final boolean isEnded() {
		return this.closing != null && this.closing.ended;
	}

	@Override
	public final Mono<Void> close(CloseStatus status) {
		return Mono.fromRunnable(() -> onLoop(() -> shut(status, null)));
	}

	@Override
	public final Mono<CloseStatus> closeStatus() {
		return Mono.fromDirect((subscriber) -> onLoop(() -> knownStatus().subscribe(subscriber)));
	}

	private Mono<CloseStatus> knownStatus() {
		if (this.closing != null) {
			return Mono.just(this.closing.status);
		}
		if (this.closeStatus == null) {
			this.closeStatus = Sinks.one();
		}
		return this.closeStatus.asMono();
	}

	@Override
	public final Mono<Void> send(Publisher<WebSocketMessage> messages) {
		return Mono
			.fromDirect((subscriber) -> onLoop(() -> startSending(messages, Operators.toCoreSubscriber(subscriber))));
	}

	private void startSending(Publisher<WebSocketMessage> messages, CoreSubscriber<? super Void> subscriber) {
		if (this.outbound != null) {
			Operators.error(subscriber, new IllegalStateException("send() takes one publisher"));
		}
		else if (!isOpen()) {
			Operators.error(subscriber, new ClosedChannelException());
		}
		else {
			this.outbound = new Outbound(this, subscriber);
			messages.subscribe(this.outbound);
		}
	}

	/** Writes a message, or drops it if the session closes already. */
	final void write(WebSocketMessage message) {
		if (isOpen()) {
			writeMessage(Opcode.of(message.getType()), message.getPayload());
			flushSoon();
		}
		else {
			message.release();
		}
	}

	/** The socket takes bytes again. */
	final void writable() {
		if (this.outbound != null) {
			this.outbound.writable();
		}
	}

	/** Of pings that come faster than pongs go, the last is answered (section 5.5.3). */
	@Override
	final void onPing(byte[] payload) {
		if (this.pongUnsent) {
			this.pong = payload;
		}
		else {
			this.pongUnsent = true;
			writeControl(Opcode.PONG, payload);
			flushSoon();
		}
	}

	/** A pong or a Close frame is with the kernel. */
	final void controlSent(int opcode) {
		Closing closing = this.closing;
		byte[] next = this.pong;
		if (opcode == Opcode.PONG) {
			this.pongUnsent = false;
			this.pong = null;
			if (next != null && closing == null) {
				onPing(next);
			}
		}
		else if (closing != null) {
			closing.sent = true;
			closeWhenDone(closing);
		}
	}

	@Override
	final void onViolation(FrameViolationException violation) {
		shut(violation.status(), violation);
	}

	/** The answer to the peer's Close frame echoes its status (section 5.5.1). */
	@Override
	final void onClose(byte[] payload) {
		if (isOpen()) {
			try {
				shut(CloseCode.read(payload), null);
			}
			catch (FrameViolationException ex) {
				onViolation(ex);
			}
		}
		onInputEnd();
	}

	@Override
	final void onInputEnd() {
		Closing closing = this.closing;
		if (closing == null) {
			closeSocket();
		}
		else {
			closing.received = true;
			closeWhenDone(closing);
		}
	}

	/**
	 * Begins to close, unless that has begun: sends the Close frame after what was
	 * written, and reads on, so that the peer sees the code and not a reset (section
	 * 7.1.1), until its own Close frame, the end of its bytes, or the bounds in the
	 * settings.
	 */
	final void shut(CloseStatus status, @Nullable FrameViolationException violation) {
		if (isOpen()) {
			Closing closing = beginClosing(status);
			closing.timeout = eventLoop().schedule(this::closeSocket, this.settings.closeTimeout().toNanos(),
					TimeUnit.NANOSECONDS);
			discardInput();
			writeControl(Opcode.CLOSE, CloseCode.write(status));
			flushSoon();
			endReceiving(violation);
			resume();
		}
	}

	@Override
	final void onDiscard(int bytes) {
		Closing closing = this.closing;
		if (closing != null) {
			closing.discarded += bytes;
			if (closing.discarded > this.settings.closeDiscard()) {
				closeSocket();
			}
		}
	}

	/** The socket is gone. Only the first call counts. */
	final void ended(@Nullable Throwable error) {
		Closing closing = this.closing;
		if (closing == null) {
			closing = beginClosing(CloseStatus.NO_CLOSE_FRAME);
			endReceiving(null);
		}
		if (closing.end()) {
			dropInput();
			if (this.outbound != null) {
				this.outbound.end(closing.sent ? null : error);
			}
			if (this.handler != null) {
				this.handler.cancel();
			}
		}
	}

	private Closing beginClosing(CloseStatus status) {
		Closing closing = new Closing(status);
		this.closing = closing;
		this.pong = null;
		if (this.outbound != null) {
			this.outbound.stop();
		}
		if (this.closeStatus != null) {
			this.closeStatus.tryEmitValue(status).orThrow();
		}
		return closing;
	}

	private void closeWhenDone(Closing closing) {
		if (closing.isComplete()) {
			closeSocket();
		}
	}

	/** Flushes once for all that is written in this turn of the event loop. */
	private void flushSoon() {
		if (!this.flushing) {
			this.flushing = true;
			eventLoop().execute(this);
		}
	}

	@Override
	public final void run() {
		this.flushing = false;
		flush();
	}

	@Override
	final void onLoop(Runnable task) {
		if (eventLoop().inEventLoop()) {
			task.run();
			return;
		}
		try {
			eventLoop().execute(task);
		}
		catch (RejectedExecutionException ex) {
			// The event loop has ended, and the session with it.
		}
	}

	/** Whether unsent bytes are below the watermarks. */
	abstract boolean isWritable();

	/** Takes a message's payload to be sent at the next flush, and releases it. */
	abstract void writeMessage(int opcode, DataBuffer payload);

	/** Likewise; {@link #controlSent} follows when it is with the kernel. */
	abstract void writeControl(int opcode, byte[] payload);

	abstract void flush();

	/** Closes the socket at once; {@link #ended} follows. */
	abstract void closeSocket();

}
