package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.Arrays;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.json.JsonException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * A request of another node, while this node receives and serves it. Belongs to its
 * connection's event loop.
 */
final class InboundRequest {

	private static final byte[] NONE = {};

	private final RequestHandler handler;

	private final @Nullable CharSequence agent;

	private final Duration timeToLive;

	private final Reply reply;

	private final int limit;

	private byte[] body = NONE;

	private int length;

	private @Nullable Disposable serving;

	/**
	 * @param limit the limit on the body in bytes
	 */
	InboundRequest(RequestHandler handler, @Nullable CharSequence agent, Duration timeToLive, Reply reply, int limit) {
		this.handler = handler;
		this.agent = agent;
		this.timeToLive = timeToLive;
		this.reply = reply;
		this.limit = limit;
	}

	/** Takes a part of the body. After the last part, the request is served. */
	void read(ByteBuf part, boolean last) {
		int bytes = part.readableBytes();
		if (this.length + bytes > this.limit) {
			this.length = this.limit;
			this.reply.fail(new ConnectionException(ConnectionException.Reason.PAYLOAD_TOO_LARGE));
			return;
		}
		if (this.length + bytes > this.body.length) {
			int room = last ? this.length + bytes : Math.max(this.length + bytes, this.body.length * 2);
			this.body = Arrays.copyOf(this.body, room);
		}
		part.readBytes(this.body, this.length, bytes);
		this.length += bytes;
		if (last) {
			serve();
		}
	}

	private void serve() {
		byte[] whole = (this.length == this.body.length) ? this.body : Arrays.copyOf(this.body, this.length);
		this.body = NONE; // Frees the buffer, since the handler may take long.
		try {
			this.serving = this.handler.serve(new RequestHandler.Request(this.agent, this.timeToLive, whole),
					this.reply);
		}
		catch (IllegalArgumentException | JsonException ex) {
			this.reply.refuse(Http2Dialect.BAD_REQUEST);
		}
	}

	/**
	 * Called when the request's stream has closed: after the answer, by a cancellation,
	 * or because the connection has ended. Cancels work that is not done.
	 */
	void close() {
		this.reply.close();
		if (this.serving != null) {
			this.serving.dispose();
		}
	}

}
