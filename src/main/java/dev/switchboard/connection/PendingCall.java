package dev.switchboard.connection;

import java.util.concurrent.TimeUnit;

import dev.switchboard.loop.Timer;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * A call that waits for its answer, and the subscription of its waiter. This object is
 * also the timer of the call's deadline. Only the event loop uses it, except for
 * {@link #request} and {@link #cancel}.
 */
final class PendingCall extends Timer implements Subscription, OutboundMessage.Listener {

	private final PendingCalls calls;

	private final CallId id;

	private final ChunkReceiver chunks;

	private final CoreSubscriber<? super Answer> waiter;

	private final OutboundMessage message;

	private final long acceptedNanos;

	private final long timeToLiveNanos;

	private long writtenNanos;

	private boolean ended;

	/**
	 * @param acceptedNanos when the gateway accepted the call; the call's time to live
	 * begins then
	 */
	PendingCall(PendingCalls calls, Frame.Call call, ChunkReceiver chunks, CoreSubscriber<? super Answer> waiter,
			long acceptedNanos) {
		this.calls = calls;
		this.id = call.id();
		this.chunks = chunks;
		this.waiter = waiter;
		this.message = OutboundMessage.of(call, this);
		this.acceptedNanos = acceptedNanos;
		this.timeToLiveNanos = TimeUnit.MILLISECONDS.toNanos(call.ttlMillis());
	}

	CallId id() {
		return this.id;
	}

	ChunkReceiver chunks() {
		return this.chunks;
	}

	OutboundMessage message() {
		return this.message;
	}

	long acceptedNanos() {
		return this.acceptedNanos;
	}

	/** Returns the time at which the transport took the message. */
	long writtenNanos() {
		return this.writtenNanos;
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n)) {
			this.calls.onLoop(() -> this.calls.send(this));
		}
	}

	@Override
	public void cancel() {
		this.calls.onLoop(() -> this.calls.abandon(this));
	}

	@Override
	public void taken() {
		this.writtenNanos = this.calls.nanoTime();
	}

	@Override
	public void dropped() {
		// The connection has ended and has failed the call already.
	}

	/** Returns how long the call may still wait, in nanoseconds. */
	long remainingNanos(long now) {
		return this.timeToLiveNanos - (now - this.acceptedNanos);
	}

	@Override
	protected long look(long now) {
		long remaining = remainingNanos(now);
		if (remaining <= 0) {
			this.calls.expire(this);
			return -1;
		}
		return remaining;
	}

	/** Whether the waiter has got its answer or error, or has cancelled. */
	boolean isEnded() {
		return this.ended;
	}

	/** Ends the wait without a signal. */
	void end() {
		this.ended = true;
	}

	void answer(Answer answer) {
		end();
		this.waiter.onNext(answer);
		this.waiter.onComplete();
	}

	void fail(ConnectionException failure) {
		end();
		this.waiter.onError(failure);
	}

}
