package dev.switchboard.connection;

import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The waiter of a call between its subscription and the call's beginning on the event
 * loop. The waiter gets its subscription at once, since it may cancel before the call
 * begins. Its request and its cancellation reach the call as soon as the call begins.
 */
final class CallWaiter extends Operators.DeferredSubscription implements CoreSubscriber<Answer> {

	private final CoreSubscriber<? super Answer> waiter;

	private CallWaiter(CoreSubscriber<? super Answer> waiter) {
		this.waiter = waiter;
	}

	/** Wraps the subscriber and gives it its subscription. */
	static CallWaiter of(Subscriber<? super Answer> subscriber) {
		CallWaiter waiter = new CallWaiter(Operators.toCoreSubscriber(subscriber));
		waiter.waiter.onSubscribe(waiter);
		return waiter;
	}

	@Override
	public void onSubscribe(Subscription call) {
		set(call);
	}

	@Override
	public void onNext(Answer answer) {
		this.waiter.onNext(answer);
	}

	@Override
	public void onError(Throwable failure) {
		if (!isCancelled()) {
			this.waiter.onError(failure);
		}
	}

	@Override
	public void onComplete() {
		this.waiter.onComplete();
	}

	@Override
	public Context currentContext() {
		return this.waiter.currentContext();
	}

}
