package dev.switchboard.forwarding;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;

/**
 * Sends what was written to a connection at the end of its event loop's turn: what comes
 * together goes in one packet. Belongs to the event loop.
 */
final class TurnFlush implements Runnable {

	private final Http2ConnectionHandler handler;

	private final ChannelHandlerContext context;

	private boolean due;

	TurnFlush(Http2ConnectionHandler handler, ChannelHandlerContext context) {
		this.handler = handler;
		this.context = context;
	}

	void schedule() {
		if (!this.due) {
			this.due = true;
			this.context.executor().execute(this);
		}
	}

	@Override
	public void run() {
		this.due = false;
		this.handler.flush(this.context);
	}

}
