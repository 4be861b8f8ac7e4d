package dev.switchboard.transport;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * What a session sends: asks the publisher for one message at a time, and for the next
 * only when the socket takes more.
 */
final class Outbound implements CoreSubscriber<WebSocketMessage>, Subscription {

	private final LeanSession session;

	private final CoreSubscriber<? super Void> actual;

	/** {@code null} before there is one, and when its end need not be told any more. */
	private @Nullable Subscription publisher;

	/** The publisher is to be asked once there is room. */
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
			this.session.write(message);
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

	/** The socket takes bytes again. */
	void writable() {
		if (this.waiting) {
			this.waiting = false;
			pull();
		}
	}

	/** No more messages, since the session closes. */
	void stop() {
		if (this.publisher != null) {
			this.publisher.cancel();
		}
	}

	/** Tells how sending ended, once. */
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
		// There are no elements, only an end.
	}

	@Override
	public void cancel() {
		this.session.onLoop(() -> {
			stop();
			this.publisher = null;
		});
	}

	private void pull() {
		if (this.publisher != null && this.session.isWritable()) {
			this.publisher.request(1);
		}
		else {
			this.waiting = true;
		}
	}

}
