package dev.switchboard.simulator.bench;

import java.nio.charset.StandardCharsets;

import dev.switchboard.simulator.agents.HttpHead;
import dev.switchboard.simulator.agents.MaskedFrames;
import dev.switchboard.simulator.agents.Target;
import dev.switchboard.simulator.agents.WebSocketFrame;
import dev.switchboard.simulator.bench.NatsOperation.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection to a NATS server over WebSocket, whose messages are pieces of
 * one stream of bytes: the only handler of its channel, as lean as a simulated agent.
 */
final class NatsConnection extends ChannelInboundHandlerAdapter {

	private static final int BINARY = 2;

	/** The example of RFC 6455 section 1.3: any will do. */
	private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

	private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

	private final Target server;

	private final NatsClient client;

	private final NatsClients all;

	private ByteBuf unread = Unpooled.EMPTY_BUFFER;

	private final NatsStream stream = new NatsStream();

	private @Nullable Channel channel;

	private boolean upgraded;

	private boolean open;

	NatsConnection(Target server, NatsClient client, NatsClients all) {
		this.server = server;
		this.client = client;
		this.all = all;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.channel = ctx.channel();
		String request = "GET " + this.server.path() + " HTTP/1.1\r\nHost: " + this.server.authority()
				+ "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
				+ KEY + "\r\n\r\n";
		var _ = ctx.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.ISO_8859_1), ctx.voidPromise());
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object in) {
		this.unread = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), this.unread, (ByteBuf) in);
		try {
			if (!this.upgraded) {
				upgrade(ctx);
			}
			if (this.upgraded) {
				readFrames(ctx);
			}
		}
		finally {
			if (!this.unread.isReadable()) {
				release();
			}
		}
	}

	private void upgrade(ChannelHandlerContext ctx) {
		HttpHead response = HttpHead.read(this.unread);
		if (response == null) {
			return;
		}
		if (response.status() != 101 || !ACCEPT.equals(response.header("Sec-WebSocket-Accept"))) {
			throw new IllegalStateException("no WebSocket: HTTP " + response.status());
		}
		this.upgraded = true;
		write(ctx.channel(), """
				CONNECT {"verbose":false,"pedantic":false,"headers":false,"lang":"java","version":"1","protocol":1}\r
				SUB %s 1\r
				PING\r
				""".formatted(this.client.subject()));
	}

	private void readFrames(ChannelHandlerContext ctx) {
		WebSocketFrame frame = WebSocketFrame.read(this.unread);
		while (frame != null) {
			switch (frame.opcode()) {
				case BINARY, WebSocketFrame.CONTINUATION -> readOperations(ctx, frame);
				case WebSocketFrame.PING -> {
					var _ = ctx.write(MaskedFrames.encode(ctx.alloc(), WebSocketFrame.PONG, frame.payload()));
				}
				case WebSocketFrame.CLOSE -> {
					var _ = ctx.close();
				}
				default -> {
					// A pong that nobody asked for.
				}
			}
			frame = WebSocketFrame.read(this.unread);
		}
	}

	private void readOperations(ChannelHandlerContext ctx, WebSocketFrame frame) {
		this.stream.append(ctx.alloc(), frame.payload());
		NatsOperation next = this.stream.next();
		while (next != null) {
			receive(ctx.channel(), next);
			next = this.stream.next();
		}
	}

	private void receive(Channel from, NatsOperation operation) {
		switch (operation) {
			case Message message -> this.client.received(this, message);
			case NatsOperation.Ping ping -> write(from, "PONG\r\n");
			case NatsOperation.Pong pong -> open();
			case NatsOperation.Failure failure -> throw new IllegalStateException(failure.line());
			case NatsOperation.Notice notice -> {
				// Nothing to act upon.
			}
		}
	}

	private void open() {
		if (!this.open) {
			this.open = true;
			this.client.opened(this);
			this.all.opened(this);
		}
	}

	/**
	 * Publishes a message, once all that was read has been dealt with.
	 * @param subjects the subject, a space, and where to answer if an answer is expected
	 */
	void publish(String subjects, String payload) {
		write(channel(), "PUB " + subjects + " " + payload.length() + "\r\n" + payload + "\r\n");
	}

	private static void write(Channel channel, String operations) {
		var _ = channel.write(
				MaskedFrames.encode(channel.alloc(), BINARY, operations.getBytes(StandardCharsets.ISO_8859_1)),
				channel.voidPromise());
	}

	/** The channel, which there is from the client's first call on. */
	Channel channel() {
		Channel mine = this.channel;
		if (mine == null) {
			throw new IllegalStateException("not connected");
		}
		return mine;
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		ctx.flush();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		release();
		this.stream.release();
		this.all.ended(this, this.open);
		if (this.open) {
			this.client.lost();
		}
	}

	private void release() {
		this.unread.release();
		this.unread = Unpooled.EMPTY_BUFFER;
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		this.all.failed(String.valueOf(cause.getMessage()));
		var _ = ctx.close();
	}

}
