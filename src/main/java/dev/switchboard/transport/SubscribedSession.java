package dev.switchboard.transport;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * The subscriber of a session's messages, and how many messages it wants. The session is
 * also the subscription, which saves an object for each idle connection. The fields mean:
 *
 * <pre>
 * subscribed  receiver
 *     no        null    receive() has no subscriber yet, and nothing is read
 *     yes       set     messages go to the subscriber
 *     yes       null    the subscriber has cancelled or was ended; messages are dropped
 * </pre>
 */
abstract class SubscribedSession extends SessionState implements Subscription {

	private @Nullable CoreSubscriber<? super WebSocketMessage> receiver;

	/**
	 * How many messages are requested and not delivered yet; the largest int means all.
	 */
	private int demand;

	private boolean subscribed;

	SubscribedSession(Wire wire, HandshakeInfo handshake, SessionContext context) {
		super(wire, handshake, context);
	}

	@Override
	public final Flux<WebSocketMessage> receive() {
		return Flux.from((subscriber) -> onLoop(() -> startReceiving(Operators.toCoreSubscriber(subscriber))));
	}

	private void startReceiving(CoreSubscriber<? super WebSocketMessage> subscriber) {
		if (this.subscribed) {
			Operators.error(subscriber, new IllegalStateException("receive() allows one subscriber"));
		}
		else if (!isOpen()) {
			Operators.complete(subscriber);
		}
		else {
			this.subscribed = true;
			this.receiver = subscriber;
			subscriber.onSubscribe(this);
		}
	}

	@Override
	public final void request(long n) {
		if (Operators.validate(n)) {
			onLoop(() -> {
				this.demand = (int) Math.min(Integer.MAX_VALUE, Operators.addCap(this.demand, n));
				resume();
			});
		}
	}

	/** Discards further messages, but still handles pings and the peer's Close frame. */
	@Override
	public final void cancel() {
		onLoop(() -> {
			this.receiver = null;
			this.demand = Integer.MAX_VALUE;
			resume();
		});
	}

	/**
	 * Takes the demand away, and gives it back later. So a pause needs no field.
	 */
	@Override
	public final void pause(long nanos) {
		int wanted = this.demand;
		if (wanted > 0 && isOpen()) {
			this.demand = 0;
			resume();
			eventLoop().schedule(() -> request(wanted), nanos, TimeUnit.NANOSECONDS);
		}
	}

	/** Completes the subscriber, if there is one, or fails it with the cause. */
	final void endReceiving(@Nullable Throwable cause) {
		CoreSubscriber<? super WebSocketMessage> subscriber = this.receiver;
		this.receiver = null;
		if (subscriber != null && cause != null) {
			subscriber.onError(cause);
		}
		else if (subscriber != null) {
			subscriber.onComplete();
		}
	}

	final void deliver(RawMessage message) {
		if (this.demand != Integer.MAX_VALUE) {
			this.demand--;
		}
		if (this.receiver != null) {
			this.receiver.onNext(message.toWebSocketMessage());
		}
	}

	/** Returns the subscriber if it observes the session; otherwise null. */
	final @Nullable SessionObserver observer() {
		return (this.receiver instanceof SessionObserver observer) ? observer : null;
	}

	final boolean wantsInput() {
		return isOpen() ? this.demand > 0 : !isEnded();
	}

	/** Reads on, if input is wanted. */
	abstract void resume();

}
