package dev.switchboard.cluster;

import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/** One connection of an agent, on Netty's own client; on the agent's event loop. */
final class ClusterConnection extends SimpleChannelInboundHandler<WebSocketFrame> {

	private static final String SUBPROTOCOL = "switchboard.v1.json";

	private static final int MAX_MESSAGE = 1 << 20;

	private static final long HANDSHAKE_MILLIS = 30_000;

	private static final int LOST = 1006;

	private final ClusterAgent agent;

	private volatile Entry.@Nullable Opened opened;

	private @Nullable Channel channel;

	private boolean failed;

	private long retryAfterMillis;

	private int code = LOST;

	private long heardAt = System.nanoTime();

	private ClusterConnection(ClusterAgent agent) {
		this.agent = agent;
	}

	/** Begins to open a connection, and reports the result to the agent. */
	static void open(ClusterAgent agent, URI address) {
		ClusterConnection connection = new ClusterConnection(agent);
		ClusterAgents.bootstrap().group(agent.loop()).handler(new ChannelInitializer<>() {
			@Override
			protected void initChannel(Channel channel) {
				channel.pipeline()
					.addLast(new HttpClientCodec(), new HttpObjectAggregator(MAX_MESSAGE),
							new WebSocketClientProtocolHandler(config(agent, address)), connection);
			}
		}).connect(address.getHost(), address.getPort()).addListener((connected) -> {
			if (!connected.isSuccess()) {
				connection.fail();
			}
		});
	}

	private static WebSocketClientProtocolConfig config(ClusterAgent agent, URI address) {
		HttpHeaders headers = new DefaultHttpHeaders();
		agent.all().headers(agent.id()).forEach(headers::set);
		return WebSocketClientProtocolConfig.newBuilder()
			.webSocketUri(address)
			.subprotocol(SUBPROTOCOL)
			.generateOriginHeader(false)
			.customHeaders(headers)
			.maxFramePayloadLength(MAX_MESSAGE)
			.handshakeTimeoutMillis(HANDSHAKE_MILLIS)
			.handleCloseFrames(false)
			.sendCloseFrame(null)
			.dropPongFrames(false)
			.withUTF8Validator(false)
			.build();
	}

	Entry.@Nullable Opened opened() {
		return this.opened;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.channel = ctx.channel();
	}

	@Override
	protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
		this.heardAt = System.nanoTime();
		switch (frame) {
			case TextWebSocketFrame text ->
				receive(ctx, FrameCodec.decodeFromGateway(ByteBufUtil.getBytes(text.content())));
			case CloseWebSocketFrame close -> {
				this.code = close.statusCode();
				var _ = ctx.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
			}
			default -> {
				// A pong needs no action.
			}
		}
	}

	private void receive(ChannelHandlerContext ctx, Frame.@Nullable FromGateway frame) {
		switch (frame) {
			case Frame.Welcome welcome -> {
				Entry.Opened entry = new Entry.Opened(this.agent.id(), welcome.connectionId(), welcome.epoch(),
						welcome.node());
				this.opened = entry;
				history().add(entry);
				this.agent.opened(this, welcome);
				this.agent.all().opened(entry);
			}
			case Frame.Call call -> answer(ctx, call);
			case Frame.GoAway goAway -> this.agent.goAway(goAway);
			case null, default -> {
				// The agent ignores all other frames.
			}
		}
	}

	private void answer(ChannelHandlerContext ctx, Frame.Call call) {
		Entry.Opened here = this.opened;
		if (here == null) {
			throw new IllegalStateException("a call before the welcome");
		}
		Envelope payload = Envelope.parse(call.payload().toBytes());
		String nonce = payload.string("nonce");
		history().add(new Entry.Received(this.agent.id(), here.connection(), call.id(), nonce));
		switch (call.method()) {
			case "hold" -> {
				// The call is never answered.
			}
			case "fleet" -> answerInTheFleet(payload.integer("delayMillis"), ctx, call, nonce);
			case "stream" -> {
				send(ctx, new Frame.Chunk(call.id(), call.payload()));
				send(ctx, new Frame.Chunk(call.id(), call.payload()));
				answer(ctx, call, nonce);
			}
			default -> answerAfter(payload.integer("delayMillis"), ctx, call, nonce);
		}
	}

	/** Does what the beginning of the agent's id says. */
	private void answerInTheFleet(long delayMillis, ChannelHandlerContext ctx, Frame.Call call, String nonce) {
		switch (this.agent.id().agent().replaceFirst("-.*", "")) {
			case "silent" -> {
				// The call is never answered.
			}
			case "busy" -> send(ctx, new Frame.Error(call.id(), "busy", "", null));
			case "lost" -> end();
			default -> answerAfter(delayMillis, ctx, call, nonce);
		}
	}

	private void answerAfter(long millis, ChannelHandlerContext ctx, Frame.Call call, String nonce) {
		if (millis == 0) {
			answer(ctx, call, nonce);
		}
		else {
			var _ = ctx.executor().schedule(() -> answer(ctx, call, nonce), millis, TimeUnit.MILLISECONDS);
		}
	}

	private void answer(ChannelHandlerContext ctx, Frame.Call call, String nonce) {
		String result = UUID.randomUUID().toString();
		byte[] json = new JsonWriter().string("agent", this.agent.id().toString())
			.string("nonce", nonce)
			.string("result", result)
			.end();
		history().add(new Entry.Answered(this.agent.id(), call.id(), nonce, result));
		send(ctx, new Frame.Result(call.id(), new Payload(json, 0, json.length)));
	}

	private static void send(ChannelHandlerContext ctx, Frame frame) {
		var _ = ctx.writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(FrameCodec.encode(frame))));
	}

	/** Pings after some silence, and returns whether the silence has lasted too long. */
	boolean isSilent() {
		Duration bound = this.agent.all().silence();
		long quiet = System.nanoTime() - this.heardAt;
		Channel open = this.channel;
		if (bound == null || open == null || quiet < bound.toNanos()) {
			return false;
		}
		var _ = open.writeAndFlush(new PingWebSocketFrame());
		return quiet > 2 * bound.toNanos();
	}

	/** Ends the connection without a close frame. */
	void end() {
		Channel open = this.channel;
		if (open != null) {
			var _ = open.close();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		Entry.Opened ended = this.opened;
		if (ended == null) {
			fail();
			return;
		}
		history().add(new Entry.Closed(ended.agent(), ended.connection(), this.code));
		this.agent.closed(this, this.code);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		HttpResponse refusal = (cause instanceof WebSocketClientHandshakeException handshake) ? handshake.response()
				: null;
		if (refusal != null) {
			this.retryAfterMillis = 1000L * refusal.headers().getInt(HttpHeaderNames.RETRY_AFTER, 0);
		}
		var _ = ctx.close();
	}

	private void fail() {
		if (!this.failed) {
			this.failed = true;
			this.agent.failed(this.retryAfterMillis);
		}
	}

	private History history() {
		return this.agent.all().history();
	}

}
