package dev.switchboard.agent;

import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;

import org.jspecify.annotations.Nullable;

/**
 * Runs the handler of each call once, even if the call comes several times, and sends the
 * answer on every connection that the call came on. Only {@link #awaitIdle} blocks.
 * Thread-safe.
 */
final class CallDispatcher {

	private static final Logger logger = System.getLogger(CallDispatcher.class.getName());

	private final Map<String, CallHandler> handlers;

	private final BoundedExecutor executor;

	private final AnswerCache answers;

	private final ScheduledExecutorService timer;

	private final Map<CallId, IncomingCall> running = new HashMap<>();

	private int unanswered;

	private boolean closing;

	CallDispatcher(Map<String, CallHandler> handlers, BoundedExecutor executor, AnswerCache answers,
			ScheduledExecutorService timer) {
		this.handlers = handlers;
		this.executor = executor;
		this.answers = answers;
		this.timer = timer;
	}

	/** Sets how many calls run at once. The same number may wait. */
	void limit(int maxInFlight) {
		int width = Math.max(maxInFlight, 1);
		this.executor.resize(width, width);
	}

	void dispatch(Frame.Call frame, GatewayConnection from) {
		IncomingCall call = admit(frame, from);
		if (call == null) {
			return;
		}
		call.expiresWith(this.timer.schedule(call::cancel, call.remaining().toNanos(), TimeUnit.NANOSECONDS));
		if (isClosing()) {
			finish(call, refusal(call, "agent-closing", "the agent is closing"));
		}
		else if (!this.executor.offer(() -> finish(call, run(call)))) {
			finish(call, refusal(call, "overloaded", "the agent has too many calls"));
		}
	}

	private synchronized @Nullable IncomingCall admit(Frame.Call frame, GatewayConnection from) {
		byte[] answer = this.answers.find(frame.id());
		if (answer != null) {
			from.answer(frame.id(), answer);
			return null;
		}
		IncomingCall same = this.running.get(frame.id());
		if (same != null) {
			same.join(from);
			return null;
		}
		IncomingCall call = new IncomingCall(frame, from);
		this.running.put(frame.id(), call);
		this.unanswered++;
		return call;
	}

	void cancel(CallId id) {
		IncomingCall call = find(id);
		if (call != null) {
			call.cancel();
		}
	}

	private synchronized @Nullable IncomingCall find(CallId id) {
		return this.running.get(id);
	}

	private Frame run(IncomingCall call) {
		CallHandler handler = this.handlers.get(call.method());
		if (handler == null) {
			return refusal(call, "method-unknown", "the agent knows no such method");
		}
		try {
			return call.enter() ? new Frame.Result(call.id(), handler.handle(call)) : cancelled(call);
		}
		catch (CallRejectedException ex) {
			return new Frame.Error(call.id(), ex.code(), ex.text(), ex.payload());
		}
		catch (Throwable ex) {
			return failure(call, ex);
		}
		finally {
			call.leave();
		}
	}

	private static Frame failure(IncomingCall call, Throwable ex) {
		if (call.isCancelled() && (ex instanceof InterruptedException || ex instanceof CancellationException)) {
			return cancelled(call);
		}
		logger.log(Level.WARNING, () -> "Handler of " + call.method() + " failed, call " + call.id(), ex);
		return refusal(call, "internal", "the agent's handler failed");
	}

	private static Frame cancelled(IncomingCall call) {
		return refusal(call, "cancelled", "the call was cancelled or its deadline passed");
	}

	private static Frame refusal(IncomingCall call, String code, String message) {
		return new Frame.Error(call.id(), code, message, (Payload) null);
	}

	private void finish(IncomingCall call, Frame answer) {
		byte[] message = FrameCodec.encode(answer);
		synchronized (this) {
			this.running.remove(call.id());
			this.answers.put(call.id(), message);
		}
		call.answer(message);
		synchronized (this) {
			this.unanswered--;
			notifyAll();
		}
	}

	/** Refuses every call from now on. */
	synchronized void close() {
		this.closing = true;
	}

	private synchronized boolean isClosing() {
		return this.closing;
	}

	/** Waits for the running calls, at most for this time, and then cancels the rest. */
	void awaitIdle(long nanos) throws InterruptedException {
		synchronized (this) {
			long end = System.nanoTime() + nanos;
			for (long left = nanos; left > 0 && this.unanswered > 0; left = end - System.nanoTime()) {
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
		}
		cancelAll();
	}

	private void cancelAll() {
		List<IncomingCall> left;
		synchronized (this) {
			left = List.copyOf(this.running.values());
		}
		left.forEach(IncomingCall::cancel);
	}

}
