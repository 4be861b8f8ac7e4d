package dev.switchboard.connection;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.loop.TimerWheel;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * A call that waits for its answer, and its waiter's subscription. It ends once, on its
 * connection's event loop, which alone touches it but for {@link #request} and
 * {@link #cancel}.
 */
final class PendingCall extends TimerWheel.Entry implements Subscription {

	private final AgentConnection connection;

	private final CallId id;

	private final long timeToLiveNanos;

	private final ChunkReceiver chunks;

	private final CoreSubscriber<? super Answer> waiter;

	private final OutboundMessage message;

	private final AtomicBoolean begun = new AtomicBoolean();

	private long begunNanos;

	private boolean ended;

	PendingCall(AgentConnection connection, Frame.Call call, ChunkReceiver chunks,
			CoreSubscriber<? super Answer> waiter) {
		this.connection = connection;
		this.id = call.id();
		this.timeToLiveNanos = TimeUnit.MILLISECONDS.toNanos(call.ttlMillis());
		this.chunks = chunks;
		this.waiter = waiter;
		this.message = OutboundMessage.of(call);
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

	/** {@link System#nanoTime()} when it began to wait. */
	long begunNanos() {
		return this.begunNanos;
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n) && this.begun.compareAndSet(false, true)) {
			this.begunNanos = System.nanoTime();
			this.connection.onLoop(() -> this.connection.begin(this));
		}
	}

	@Override
	public void cancel() {
		this.connection.onLoop(() -> this.connection.abandon(this));
	}

	/** How long it may still wait, in nanoseconds. */
	long remainingNanos(long now) {
		return this.timeToLiveNanos - (now - this.begunNanos);
	}

	@Override
	protected long look(long now) {
		return this.connection.checkCall(this, now);
	}

	/** Its waiter has been told, or is gone. */
	boolean isEnded() {
		return this.ended;
	}

	void end() {
		this.ended = true;
		this.connection.unwatch(this);
	}

	void answer(Answer answer) {
		end();
		this.waiter.onNext(answer);
		this.waiter.onComplete();
	}

	void fail(Reason reason) {
		end();
		this.waiter.onError(new ConnectionException(reason));
	}

	/** Fails it as its connection's end does: by whether it was written. */
	void disconnect() {
		fail(this.message.isTaken() ? Reason.DISCONNECTED : Reason.GONE);
	}

}
