package dev.switchboard.transport;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

import dev.switchboard.loop.OnLoop;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;

import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * The protocol of a session, whatever carries its bytes: what is sent, pings, and the
 * closing handshake (RFC 6455 sections 5.5 and 7). All state is the event loop's, except
 * for what the SPI asks from anywhere.
 */
final class LeanSession extends InboundSession {

	/** So many pings are answered each, even if the peer does not read meanwhile. */
	private static final int MAX_UNSENT_PONGS = 16;

	private Wire wire;

	private @Nullable HandlerRun handler;

	private @Nullable Outbound outbound;

	/** The newest ping's payload, while too many pongs are unsent. */
	private byte @Nullable [] pong;

	private Sinks.@Nullable One<CloseStatus> closeStatus;

	private volatile @Nullable Closing closing;

	private byte unsentPongs;

	LeanSession(Wire wire, HandshakeInfo handshake, SessionContext context) {
		super(handshake, context);
		this.wire = wire;
	}

	/** Goes on over another wire, before anything was written. */
	void moveTo(Wire wire) {
		this.wire = wire;
	}

	/** Sends the answer to the handshake and lets the handler work, on the event loop. */
	void start(byte[] answer, WebSocketHandler handler) {
		if (isOpen()) {
			this.context.open().incrementAndGet();
			this.wire.write(answer);
			this.handler = new HandlerRun(this);
			this.handler.start(handler);
			resume();
		}
		forgetHandshake();
	}

	@Override
	public EventLoop eventLoop() {
		return this.wire.eventLoop();
	}

	@Override
	public boolean isOpen() {
		return this.closing == null;
	}

	@Override
	boolean isEnded() {
		return this.closing != null && this.closing.isEnded();
	}

	@Override
	public Mono<Void> close(CloseStatus status) {
		return Mono.fromRunnable(() -> onLoop(() -> shut(status)));
	}

	@Override
	public Mono<CloseStatus> closeStatus() {
		return Mono.fromDirect((subscriber) -> onLoop(() -> knownStatus().subscribe(subscriber)));
	}

	private Mono<CloseStatus> knownStatus() {
		if (this.closing != null) {
			return Mono.just(this.closing.status());
		}
		if (this.closeStatus == null) {
			this.closeStatus = Sinks.one();
		}
		return this.closeStatus.asMono();
	}

	@Override
	public Mono<Void> send(Publisher<WebSocketMessage> messages) {
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
	void write(WebSocketMessage message) {
		if (isOpen()) {
			this.wire.write(Opcode.of(message.getType()), message.getPayload());
		}
		else {
			message.release();
		}
	}

	/** The socket takes bytes again. */
	void writable() {
		if (this.outbound != null) {
			this.outbound.writable();
		}
	}

	/** Of pings that come faster than pongs go, the last is answered (section 5.5.3). */
	@Override
	void onPing(byte[] payload) {
		if (this.unsentPongs == MAX_UNSENT_PONGS) {
			this.pong = payload;
		}
		else {
			this.unsentPongs++;
			this.wire.writeControl(Opcode.PONG, payload);
		}
	}

	/** All pongs, or the Close frame, are with the kernel. */
	void controlSent(int opcode) {
		Closing closing = this.closing;
		if (opcode == Opcode.PONG) {
			pongsSent();
		}
		else if (closing != null) {
			closing.sent();
		}
	}

	private void pongsSent() {
		byte[] next = this.pong;
		this.pong = null;
		this.unsentPongs = 0;
		if (next != null) {
			onPing(next);
		}
	}

	@Override
	void onViolation(FrameViolationException violation) {
		shut(violation.status(), violation);
	}

	/** The answer to the peer's Close frame echoes its status (section 5.5.1). */
	@Override
	void onClose(byte[] payload) {
		if (isOpen()) {
			try {
				shut(CloseCode.read(payload));
			}
			catch (FrameViolationException ex) {
				onViolation(ex);
			}
		}
		onInputEnd();
	}

	@Override
	void onInputEnd() {
		Closing closing = this.closing;
		if (closing != null) {
			closing.received();
		}
		else {
			this.wire.close();
		}
	}

	@Override
	void onDiscard(int bytes) {
		Closing closing = this.closing;
		if (closing != null) {
			closing.discarded(bytes);
		}
	}

	/** Begins to close, unless that has begun. */
	void shut(CloseStatus status) {
		shut(status, null);
	}

	private void shut(CloseStatus status, @Nullable FrameViolationException violation) {
		if (isOpen()) {
			beginClosing(status).start();
			discardInput();
			endReceiving(violation);
			resume();
		}
	}

	/** The channel is gone or failed, and what came of it goes too. */
	void lost(@Nullable Throwable error) {
		ended(error);
		this.wire.close();
	}

	/** The socket is gone, to which an error may have led. Only the first call counts. */
	void ended(@Nullable Throwable error) {
		Closing closing = this.closing;
		if (closing == null) {
			closing = beginClosing(CloseStatus.NO_CLOSE_FRAME);
			endReceiving(null);
		}
		if (closing.end()) {
			dropInput();
			if (this.outbound != null) {
				this.outbound.end(closing.failure(error));
			}
			if (this.handler != null) {
				this.handler.cancel();
				this.context.open().decrementAndGet();
			}
		}
	}

	private Closing beginClosing(CloseStatus status) {
		Closing closing = new Closing(status, this.wire, this.context.settings());
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

	@Override
	void onLoop(Runnable task) {
		OnLoop.run(eventLoop(), task);
	}

	@Override
	void setReading(boolean on) {
		this.wire.setReading(on);
	}

	boolean isWritable() {
		return this.wire.isWritable();
	}

}
