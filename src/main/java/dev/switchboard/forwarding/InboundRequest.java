package dev.switchboard.forwarding;

import java.util.Arrays;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.json.JsonException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * A request of another node whose body is one message, while this node receives and
 * serves it. Belongs to its connection's event loop.
 */
final class InboundRequest implements Inbound {

	private static final byte[] NONE = {};

	private final RequestHandler handler;

	private final InboundHandler.Head head;

	private final Reply reply;

	private byte[] body = NONE;

	private int length;

	private @Nullable Disposable serving;

	InboundRequest(RequestHandler handler, InboundHandler.Head head, Reply reply) {
		this.handler = handler;
		this.head = head;
		this.reply = reply;
		head.streams().unanswered(1);
	}

	/** Takes a part of the body. After the last part, the request is served. */
	@Override
	public void read(ByteBuf part, boolean last) {
		int bytes = part.readableBytes();
		int limit = this.head.streams().bodyLimit();
		if (this.length + bytes > limit) {
			this.length = limit;
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
			this.serving = this.handler
				.serve(new RequestHandler.Request(this.head.agent(), this.head.timeToLive(), whole), this.reply);
		}
		catch (IllegalArgumentException | JsonException ex) {
			this.reply.refuse(Http2Dialect.BAD_REQUEST);
		}
	}

	@Override
	public void close() {
		this.head.streams().unanswered(-1);
		this.reply.close();
		if (this.serving != null) {
			this.serving.dispose();
		}
	}

}
