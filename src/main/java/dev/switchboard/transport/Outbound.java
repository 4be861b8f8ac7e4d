package dev.switchboard.transport;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * Writes the messages of a session's publisher. It requests one message at a time, and
 * the next only when the wire takes more. The publisher may signal on any thread.
 */
final class Outbound implements CoreSubscriber<WebSocketMessage>, Subscription {

	private final LeanSession session;

	private final CoreSubscriber<? super Void> actual;

	/** Null before the subscription, and after {@link #actual} has ended or cancelled. */
	private @Nullable Subscription publisher;

	/** Whether the next request waits for the wire. */
	private boolean waiting;

	Outbound(LeanSession session, CoreSubscriber<? super Void> actual) {
		this.session = session;
		this.actual = actual;
	}

	@Override
	public Context currentContext() {
		return this.actual.currentContext();
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (Operators.validate(this.publisher, subscription)) {
			this.publisher = subscription;
			this.actual.onSubscribe(this);
			this.session.onLoop(this::pull);
		}
	}

	@Override
	public void onNext(WebSocketMessage message) {
		this.session.onLoop(() -> {
			write(message);
			pull();
		});
	}

	@Override
	public void onError(Throwable failure) {
		this.session.onLoop(() -> {
			end(failure);
			this.session.shut(CloseStatus.SERVER_ERROR);
		});
	}

	@Override
	public void onComplete() {
		this.session.onLoop(() -> this.session.shut(CloseStatus.NORMAL));
	}

	/** Called when the wire takes more bytes. */
	void writable() {
		if (this.waiting) {
			this.waiting = false;
			pull();
		}
	}

	/** Cancels the publisher, so that it sends no more messages. */
	void stop() {
		if (this.publisher != null) {
			this.publisher.cancel();
		}
	}

	/**
	 * Ends the result of {@code send}. Only the first call has an effect.
	 * @param cause the error to end it with; null to complete it
	 */
	void end(@Nullable Throwable cause) {
		if (this.publisher == null) {
			return;
		}
		this.publisher = null;
		if (cause != null) {
			this.actual.onError(cause);
		}
		else {
			this.actual.onComplete();
		}
	}

	@Override
	public void request(long n) {
		// The result has no elements, only an end.
	}

	@Override
	public void cancel() {
		this.session.onLoop(() -> {
			stop();
			this.publisher = null;
		});
	}

	/** Writes the message, or drops it if the session is closing. */
	private void write(WebSocketMessage message) {
		if (this.session.isOpen()) {
			this.session.wire().write(Opcode.of(message.getType()), message.getPayload());
		}
		else {
			message.release();
		}
	}

	private void pull() {
		if (this.publisher != null && this.session.wire().isWritable()) {
			this.publisher.request(1);
		}
		else {
			this.waiting = true;
		}
	}

}
