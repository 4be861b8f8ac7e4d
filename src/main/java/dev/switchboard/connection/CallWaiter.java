package dev.switchboard.connection;

import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Wraps the waiter of a call. The waiter gets a subscription at once, since it may cancel
 * before the call begins on the event loop. Its request and its cancellation reach the
 * call as soon as the call begins.
 */
final class CallWaiter extends Operators.DeferredSubscription implements CoreSubscriber<Answer> {

	private final CoreSubscriber<? super Answer> waiter;

	private CallWaiter(CoreSubscriber<? super Answer> waiter) {
		this.waiter = waiter;
	}

	/** Wraps the subscriber and gives it a subscription. */
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
