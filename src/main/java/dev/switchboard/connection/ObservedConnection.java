package dev.switchboard.connection;

import java.net.InetSocketAddress;

import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.quota.BudgetKind;
import dev.switchboard.transport.EventLoopSession;
import dev.switchboard.transport.SessionObserver;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes that this node holds for a connection. An idle connection has no
 * bytes, and takes no memory here.
 */
abstract class ObservedConnection extends WatchedConnection implements SessionObserver {

	ObservedConnection(AgentCredentials credentials, long epoch, @Nullable InetSocketAddress remote,
			EventLoopSession session, EventLoopContext context) {
		super(credentials, epoch, remote, session, context);
	}

	/** Runs the task on the event loop, after the earlier tasks of this thread. */
	public final void onLoop(Runnable task) {
		this.context.onLoop(task);
	}

	@Override
	public final void read(int bytes, int fragments, int controls) {
		this.context.rates().read(this, bytes, fragments, controls);
	}

	@Override
	public final Arrival begun(long startNanos) {
		return new UnfinishedMessage(this, startNanos);
	}

	@Override
	public final void unsent(int change) {
		held(BudgetKind.OUTBOUND, change);
	}

	/** Counts bytes that are held for this connection. */
	final void held(BudgetKind kind, long change) {
		this.context.holdings().add(this, kind, change);
	}

	/** Counts a message while it is queued. */
	final void keep(OutboundMessage message) {
		ConnectionMetrics metrics = this.context.metrics();
		message.keep(metrics.queuedBytes().sum(), (change) -> {
			metrics.queuedBytes().add(change);
			held(BudgetKind.OUTBOUND, change);
		});
	}

	/** Closes the connection because the agent has broken the protocol. */
	final void violated(DisconnectReason reason, String fault) {
		this.context.faults().closing(agent(), fault);
		close(reason, fault);
	}

	abstract boolean isClosing();

}
