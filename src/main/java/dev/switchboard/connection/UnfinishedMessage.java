package dev.switchboard.connection;

import java.util.concurrent.TimeUnit;

import dev.switchboard.loop.Timer;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.quota.BudgetKind;
import dev.switchboard.transport.SessionObserver;

/**
 * A message of which a part has come. Its bytes count, and it must be whole in time, even
 * if nothing more comes. Used on the connection's event loop.
 */
final class UnfinishedMessage extends Timer implements SessionObserver.Arrival {

	private static final long LIMIT_NANOS = ConnectionSettings.MAX_MESSAGE_TIME.toNanos();

	/**
	 * A node that was stopped may have the rest of the message in its socket, so it reads
	 * for this long after it has found the message to be late.
	 */
	private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final ObservedConnection connection;

	private final long startNanos;

	private boolean late;

	UnfinishedMessage(ObservedConnection connection, long startNanos) {
		this.connection = connection;
		this.startNanos = startNanos;
		connection.context.wheel().add(this, LIMIT_NANOS);
	}

	@Override
	public void held(int change) {
		this.connection.held(BudgetKind.INBOUND, change);
	}

	@Override
	public void ended() {
		this.connection.context.wheel().remove(this);
	}

	@Override
	protected long look(long now) {
		long left = LIMIT_NANOS - (now - this.startNanos);
		if (left > 0) {
			return left;
		}
		if (!this.late) {
			this.late = true;
			return GRACE_NANOS;
		}
		this.connection.violated(DisconnectReason.PROTOCOL_VIOLATION,
				"message took more than " + ConnectionSettings.MAX_MESSAGE_TIME.toSeconds() + " s");
		return -1;
	}

}
