package dev.switchboard.transport;

import java.nio.channels.ClosedChannelException;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * A session over any {@link Wire}: its handler, the sending half, pings, and the closing
 * handshake (RFC 6455 sections 5.5 and 7). Its state belongs to the event loop; the
 * methods of {@link EventLoopSession} may be called from any thread.
 */
final class LeanSession extends InboundSession {

	private @Nullable HandlerRun handler;

	private @Nullable Outbound outbound;

	private @Nullable UnsentPongs pongs;

	LeanSession(Wire wire, HandshakeInfo handshake, SessionContext context) {
		super(wire, handshake, context);
	}

	/** Sends the answer to the handshake and starts the handler. */
	void start(byte[] answer, WebSocketHandler handler) {
		if (isOpen()) {
			this.context.open().incrementAndGet();
			wire().write(answer);
			this.handler = new HandlerRun(this);
			this.handler.start(handler);
			resume();
		}
		forgetHandshake();
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

	/** Called by the wire when it takes more bytes. */
	void writable() {
		if (this.outbound != null) {
			this.outbound.writable();
		}
	}

	@Override
	void stopSending() {
		this.pongs = null;
		if (this.outbound != null) {
			this.outbound.stop();
		}
	}

	@Override
	void onPing(byte[] payload) {
		if (this.pongs == null) {
			this.pongs = new UnsentPongs();
		}
		if (this.pongs.mayAnswer(payload)) {
			wire().writeControl(Opcode.PONG, payload);
		}
	}

	/** Called by the wire when the kernel has taken all pongs. */
	void pongsSent() {
		UnsentPongs sent = this.pongs;
		this.pongs = null;
		byte[] postponed = (sent != null) ? sent.postponed() : null;
		if (postponed != null) {
			onPing(postponed);
		}
	}

	/** Called by the wire when the kernel has taken the Close frame. */
	void closeSent() {
		Closing closing = closing();
		if (closing != null) {
			closing.sent();
		}
	}

	@Override
	public Mono<Void> close(CloseStatus status) {
		return Mono.fromRunnable(() -> onLoop(() -> shut(status)));
	}

	/** Begins the closing handshake, unless the session is closing already. */
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

	@Override
	void onViolation(FrameViolationException violation) {
		shut(violation.status(), violation);
	}

	/** Answers the peer's Close frame with the same status (section 5.5.1). */
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
		Closing closing = closing();
		if (closing != null) {
			closing.received();
		}
		else {
			wire().close();
		}
	}

	/** Called by the wire when its channel is closed or has failed. */
	void lost(@Nullable Throwable error) {
		ended(error);
		wire().close();
	}

	/**
	 * Called by the wire when the socket is closed. Only the first call has an effect.
	 * @param error the error that ended the socket; null if there was none
	 */
	void ended(@Nullable Throwable error) {
		Closing closing = closing();
		if (closing == null) {
			closing = beginClosing(CloseStatus.NO_CLOSE_FRAME);
			endReceiving(null);
		}
		if (closing.end()) {
			dropInput();
			release(closing.failure(error));
		}
	}

	private void release(@Nullable Throwable failure) {
		if (this.outbound != null) {
			this.outbound.end(failure);
		}
		if (this.handler != null) {
			this.handler.cancel();
			this.context.open().decrementAndGet();
		}
	}

}
