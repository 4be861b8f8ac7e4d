package dev.switchboard.simulator.agents;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import dev.switchboard.json.JsonException;
import dev.switchboard.protocol.FrameCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * One connection of one agent, with all its state. It is the only handler of its channel,
 * and everything here runs on the channel's event loop.
 */
final class SimulatedAgent extends ChannelInboundHandlerAdapter {

	private static final long HANDSHAKE_SECONDS = 30;

	private static final int LOST = 1006;

	private final SimulatedAgents agents;

	private final Connector.Attempt attempt;

	private final Target target;

	private @Nullable ClientHandshake handshake = new ClientHandshake();

	private ByteBuf unread = Unpooled.EMPTY_BUFFER;

	private byte @Nullable [] message;

	private boolean open;

	private int closeCode = LOST;

	SimulatedAgent(SimulatedAgents agents, Connector.Attempt attempt, Target target) {
		this.agents = agents;
		this.attempt = attempt;
		this.target = target;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		ClientHandshake mine = this.handshake;
		if (mine == null) {
			return;
		}
		AgentOptions options = this.agents.options();
		int agent = this.attempt.agent();
		byte[] request = mine.request(this.target, options.agentId(agent), options.token(agent));
		var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(request), ctx.voidPromise());
		var _ = ctx.executor().schedule(() -> expire(ctx), HANDSHAKE_SECONDS, TimeUnit.SECONDS);
	}

	private void expire(ChannelHandlerContext ctx) {
		if (this.handshake != null) {
			fail("handshake timed out", 0);
			var _ = ctx.close();
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object in) {
		ByteBuf bytes = (ByteBuf) in;
		this.agents.stats().receivedBytes.add(bytes.readableBytes());
		this.unread = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), this.unread, bytes);
		try {
			if (this.handshake != null) {
				shakeHands(ctx, this.handshake);
			}
			if (this.open) {
				readFrames(ctx);
			}
		}
		finally {
			if (!this.unread.isReadable()) {
				this.unread.release();
				this.unread = Unpooled.EMPTY_BUFFER;
			}
		}
	}

	private void shakeHands(ChannelHandlerContext ctx, ClientHandshake mine) {
		HttpHead response = HttpHead.read(this.unread);
		if (response == null) {
			return;
		}
		String refusal = mine.refusal(response);
		if (refusal != null) {
			fail(refusal, retryAfterMillis(response));
			var _ = ctx.close();
			return;
		}
		this.handshake = null;
		this.open = true;
		this.agents.opened(this.attempt.agent(), ctx.channel());
	}

	private static long retryAfterMillis(HttpHead response) {
		String seconds = response.header("Retry-After");
		return (seconds != null && seconds.matches("\\d{1,5}")) ? Long.parseLong(seconds) * 1000 : 0;
	}

	private void readFrames(ChannelHandlerContext ctx) {
		WebSocketFrame frame = nextFrame(ctx);
		while (frame != null) {
			switch (frame.opcode()) {
				case WebSocketFrame.TEXT, WebSocketFrame.CONTINUATION -> append(ctx, frame);
				case WebSocketFrame.PING -> pong(ctx, frame);
				case WebSocketFrame.CLOSE -> close(ctx, frame);
				default -> {
					// A pong, or a frame that the protocol does not use.
				}
			}
			frame = nextFrame(ctx);
		}
	}

	private @Nullable WebSocketFrame nextFrame(ChannelHandlerContext ctx) {
		return ctx.channel().config().isAutoRead() ? WebSocketFrame.read(this.unread) : null;
	}

	private void append(ChannelHandlerContext ctx, WebSocketFrame frame) {
		byte[] whole = frame.payload();
		byte[] begun = this.message;
		if (begun != null) {
			whole = Arrays.copyOf(begun, begun.length + frame.payload().length);
			System.arraycopy(frame.payload(), 0, whole, begun.length, frame.payload().length);
		}
		this.message = frame.last() ? null : whole;
		if (frame.last()) {
			this.agents.messages().receive(this.attempt.agent(), ctx.channel(), FrameCodec.decodeFromGateway(whole));
		}
	}

	private void pong(ChannelHandlerContext ctx, WebSocketFrame ping) {
		this.agents.stats().pings.increment();
		var _ = ctx.write(MaskedFrames.encode(ctx.alloc(), WebSocketFrame.PONG, ping.payload()), ctx.voidPromise());
	}

	private void close(ChannelHandlerContext ctx, WebSocketFrame close) {
		this.closeCode = close.closeCode();
		var _ = ctx.writeAndFlush(MaskedFrames.encode(ctx.alloc(), WebSocketFrame.CLOSE, close.payload()))
			.addListener(ChannelFutureListener.CLOSE);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		ctx.flush();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.unread.release();
		this.unread = Unpooled.EMPTY_BUFFER;
		if (this.open) {
			this.open = false;
			this.agents.closed(this.attempt.agent(), ctx.channel(), this.closeCode);
		}
		else {
			fail("closed during the handshake", 0);
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (!(cause instanceof IOException)) {
			this.closeCode = (cause instanceof JsonException) ? 1007 : 1002;
		}
		var _ = ctx.close();
	}

	/** Counts an attempt that never became a connection. */
	void fail(Throwable cause) {
		fail(switch (cause) {
			case ConnectTimeoutException timeout -> "connect timed out";
			case ConnectException refused -> "refused";
			default -> cause.getClass().getSimpleName();
		}, 0);
	}

	private void fail(String reason, long retryAfterMillis) {
		if (this.handshake != null) {
			this.handshake = null;
			this.agents.failed(this.attempt, reason, retryAfterMillis);
		}
	}

}
