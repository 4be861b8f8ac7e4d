package dev.switchboard.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.protocol.Frame;
import io.netty.util.concurrent.Future;
import reactor.core.publisher.MonoSink;

/**
 * A push and its waiter. A push that is still queued is taken back when its wait is over,
 * or when its waiter cancels. Used on the connection's event loop only.
 */
final class PendingPush implements OutboundMessage.Listener {

	private final AgentConnection connection;

	private final MonoSink<Void> waiter;

	private final OutboundMessage message;

	PendingPush(AgentConnection connection, Frame.Push push, MonoSink<Void> waiter) {
		this.connection = connection;
		this.waiter = waiter;
		this.message = OutboundMessage.of(push, this);
	}

	/**
	 * Writes or queues the push, or fails it.
	 * @param wait how long the push may be queued
	 */
	void begin(Duration wait) {
		Reason refused = this.connection.refuse(this.message);
		if (refused != null) {
			fail(refused);
		}
		else if (!this.connection.send(this.message)) {
			fail(Reason.TOO_SLOW);
		}
		else if (this.message.isQueued()) {
			queued(wait);
		}
	}

	private void queued(Duration wait) {
		Future<?> timeout = this.connection.context.loop().schedule(this::expire, wait.toNanos(), TimeUnit.NANOSECONDS);
		this.waiter.onDispose(() -> this.connection.onLoop(() -> {
			this.connection.withdraw(this.message);
			timeout.cancel(false);
		}));
	}

	private void expire() {
		if (this.connection.withdraw(this.message)) {
			fail(Reason.DEADLINE_UNSENT);
		}
	}

	@Override
	public void taken() {
		this.waiter.success();
	}

	@Override
	public void dropped() {
		fail(Reason.GONE);
	}

	private void fail(Reason reason) {
		this.waiter.error(new ConnectionException(reason));
	}

}
