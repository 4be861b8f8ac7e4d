package dev.switchboard.connection;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.protocol.Frame;

/**
 * Sends pushes that can wait on one connection. They give way: they fill at most half of
 * the connection's queue, so that calls to a slow agent find room, and they never close
 * the connection. Used on the connection's event loop only.
 */
public final class PushOutlet {

	private final AgentConnection connection;

	/** What has become of an offered push. */
	public enum Result {

		/** The push is written or queued. */
		SENT,

		/** The queue has no room for the push at the moment. */
		FULL,

		/** The push is longer than a frame may be. */
		TOO_LARGE,

		/** The connection takes nothing new. */
		CLOSING

	}

	public PushOutlet(AgentConnection connection) {
		this.connection = connection;
	}

	/** Runs a task once this node is sure that the connection holds its agent. */
	public void onceSure(Runnable task) {
		EventLoopContext context = this.connection.context;
		context.ownership().onceSure(this.connection, context.time().nanoTime(), task);
	}

	/**
	 * Writes or queues a push, if there is room for it.
	 * @param taken runs when the push has been handed to the socket, perhaps before this
	 * method returns
	 */
	public Result offer(Frame.Push push, Runnable taken) {
		OutboundMessage message = OutboundMessage.of(push, listener(taken));
		Reason refused = this.connection.refuse(message);
		if (refused != null) {
			message.withdraw();
			return (refused == Reason.PAYLOAD_TOO_LARGE) ? Result.TOO_LARGE : Result.CLOSING;
		}
		long queued = this.connection.outbound().queuedBytes();
		if (queued > 0 && queued + message.size() > this.connection.context.limits().maxQueuedBytes() / 2) {
			message.withdraw();
			return Result.FULL;
		}
		return this.connection.send(message) ? Result.SENT : Result.CLOSING;
	}

	/**
	 * Runs a task when all messages that are queued now have been handed to the socket.
	 * The end of the queue is marked with a ping, which needs no room.
	 */
	public void onceWritten(Runnable task) {
		this.connection.outbound().send(OutboundMessage.ping(new byte[0], listener(task)), Long.MAX_VALUE);
	}

	private static OutboundMessage.Listener listener(Runnable taken) {
		return new OutboundMessage.Listener() {

			@Override
			public void taken() {
				taken.run();
			}

			@Override
			public void dropped() {
				// The connection has ended, and the push comes again on the next one.
			}

		};
	}

}
