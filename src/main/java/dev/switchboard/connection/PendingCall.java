package dev.switchboard.connection;

import java.util.concurrent.Future;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.protocol.Payload;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** A call that waits for its answer. Touched on its connection's event loop only. */
final class PendingCall {

	private final AgentCall call;

	private final MonoSink<Answer> waiter;

	private final OutboundMessage message;

	private final long begunNanos = System.nanoTime();

	private @Nullable Future<?> deadline;

	PendingCall(AgentCall call, MonoSink<Answer> waiter, OutboundMessage message) {
		this.call = call;
		this.waiter = waiter;
		this.message = message;
	}

	AgentCall call() {
		return this.call;
	}

	/** {@link System#nanoTime()} when it began to wait. */
	long begunNanos() {
		return this.begunNanos;
	}

	OutboundMessage message() {
		return this.message;
	}

	void expiresBy(Future<?> deadline) {
		this.deadline = deadline;
	}

	/** Passes a part on; false if the caller can take no more. */
	boolean chunk(Payload payload) {
		return this.call.chunks().accept(payload);
	}

	void answer(Answer answer) {
		stopClock();
		this.waiter.success(answer);
	}

	void fail(Reason reason) {
		stopClock();
		this.waiter.error(new ConnectionException(reason));
	}

	/** Fails it as its connection's end does: by whether it was written. */
	void disconnect() {
		fail(this.message.isTaken() ? Reason.DISCONNECTED : Reason.GONE);
	}

	void stopClock() {
		if (this.deadline != null) {
			this.deadline.cancel(false);
		}
	}

}
