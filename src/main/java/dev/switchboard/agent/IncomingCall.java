package dev.switchboard.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;

import org.jspecify.annotations.Nullable;

/** A call that a {@link CallHandler} answers. Thread-safe. */
public final class IncomingCall {

	private static final long MOST_TTL_MILLIS = TimeUnit.DAYS.toMillis(1);

	private final Frame.Call frame;

	private final long deadline;

	private final List<Runnable> cancelActions = new ArrayList<>();

	private List<GatewayConnection> askers = new ArrayList<>();

	private @Nullable Future<?> expiry;

	private @Nullable Thread handling;

	private boolean cancelled;

	IncomingCall(Frame.Call frame, GatewayConnection asker) {
		this.frame = frame;
		long ttl = Math.min(frame.ttlMillis(), MOST_TTL_MILLIS);
		this.deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ttl);
		join(asker);
	}

	public CallId id() {
		return this.frame.id();
	}

	public String method() {
		return this.frame.method();
	}

	/** Returns the caller's payload; {@link Payload#NULL} if there is none. */
	public Payload payload() {
		return this.frame.payload();
	}

	/** Returns the caller's {@code traceparent} (W3C Trace Context), or null. */
	public @Nullable String traceparent() {
		return this.frame.traceparent();
	}

	/** Returns the time until the deadline; zero if the deadline has passed. */
	public Duration remaining() {
		return Duration.ofNanos(Math.max(0, this.deadline - System.nanoTime()));
	}

	/** Whether the call was cancelled or its deadline has passed. */
	public synchronized boolean isCancelled() {
		return this.cancelled;
	}

	/**
	 * Registers an action that runs when the call is cancelled or its deadline passes. It
	 * runs on a thread of the agent and must not block. If the call is cancelled already,
	 * this method runs the action.
	 */
	public void onCancel(Runnable action) {
		synchronized (this) {
			if (!this.cancelled) {
				this.cancelActions.add(action);
				return;
			}
		}
		action.run();
	}

	/**
	 * Sends a part of a streamed result, or progress. Blocks while the gateway is slow to
	 * read.
	 * @throws CancellationException if the call was cancelled or its deadline has passed
	 * @throws IllegalArgumentException if the chunk exceeds the gateway's frame limit
	 * @throws InterruptedException if the call is cancelled while this method blocks
	 */
	public void chunk(Payload payload) throws InterruptedException {
		byte[] message = FrameCodec.encode(new Frame.Chunk(id(), payload));
		for (GatewayConnection asker : waiting()) {
			asker.chunk(message);
		}
	}

	private synchronized List<GatewayConnection> waiting() {
		if (this.cancelled) {
			throw new CancellationException("the call was cancelled or its deadline has passed");
		}
		return List.copyOf(this.askers);
	}

	/** Adds a connection on which the call is answered. */
	synchronized void join(GatewayConnection asker) {
		if (!this.askers.contains(asker)) {
			this.askers.add(asker);
			asker.callBegan();
		}
	}

	synchronized void expiresWith(Future<?> timer) {
		this.expiry = timer;
	}

	/**
	 * Lets a cancellation interrupt the current thread. Returns false if the call is
	 * cancelled already.
	 */
	synchronized boolean enter() {
		if (!this.cancelled) {
			this.handling = Thread.currentThread();
		}
		return !this.cancelled;
	}

	/** Undoes {@link #enter} and clears the thread's interrupt. */
	synchronized void leave() {
		if (this.handling != null) {
			this.handling = null;
			Thread.interrupted();
		}
	}

	/** Cancels the call: interrupts its handler and runs the registered actions. */
	void cancel() {
		List<Runnable> actions;
		List<GatewayConnection> released;
		synchronized (this) {
			if (this.cancelled) {
				return;
			}
			this.cancelled = true;
			actions = List.copyOf(this.cancelActions);
			// Before the handler can end: a cancelled call is not answered.
			released = release();
			if (this.handling != null) {
				this.handling.interrupt();
			}
		}
		released.forEach(GatewayConnection::callEnded);
		actions.forEach(Runnable::run);
	}

	/**
	 * Sends the answer on all connections that the call came on, unless the call's
	 * deadline has passed.
	 */
	void answer(byte[] message) {
		boolean late = remaining().isZero();
		for (GatewayConnection asker : release()) {
			if (!late) {
				asker.answer(id(), message);
			}
			asker.callEnded();
		}
	}

	private synchronized List<GatewayConnection> release() {
		List<GatewayConnection> released = this.askers;
		this.askers = new ArrayList<>();
		if (this.expiry != null) {
			this.expiry.cancel(false);
		}
		return released;
	}

}
