package dev.switchboard.transport;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.switchboard.loop.OnLoop;
import dev.switchboard.time.TimeSource;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;

/**
 * Upgrades a request on Reactor Netty by taking over its channel: removes the HTTP
 * handlers, ends the exchange with status 101, and gives the handler an
 * {@link EventLoopSession}. It works only on HTTP/1.1, offers no extensions, and sends no
 * response headers but the handshake's own. The handler runs without the exchange's
 * Reactor context. Reactor Netty's metrics do not count the connection from then on.
 * <p>
 * An epoll socket without TLS leaves its channel if the settings say so. Reactor Netty
 * then never learns that the channel is closed, so the server must have neither a channel
 * group nor a limit on connections.
 */
public final class TakeoverUpgradeStrategy implements RequestUpgradeStrategy {

	private final SessionContext context;

	private final WriteBufferWaterMark watermark;

	public TakeoverUpgradeStrategy(TransportSettings settings, TimeSource time) {
		this.context = new SessionContext(settings, time);
		this.watermark = new WriteBufferWaterMark(settings.lowWatermark(), settings.highWatermark());
	}

	/**
	 * Returns the number of sessions that have started and not ended. Sessions that are
	 * closing count too.
	 */
	public int openSessions() {
		return this.context.open().get();
	}

	/**
	 * Upgrades the request.
	 * @return completes when the channel has been taken over, after which the session
	 * starts; an error with status 426 or 400 if the request is not a valid opening
	 * handshake
	 */
	@Override
	public Mono<Void> upgrade(ServerWebExchange exchange, WebSocketHandler handler, @Nullable String subProtocol,
			Supplier<HandshakeInfo> handshakeInfoFactory) {
		return Mono.defer(() -> {
			byte[] answer = OpeningHandshake.response(key(exchange), subProtocol);
			HandshakeInfo handshake = handshakeInfoFactory.get();
			ServerHttpResponse response = exchange.getResponse();
			response.setStatusCode(HttpStatus.SWITCHING_PROTOCOLS);
			ChannelOperations<?, ?> operations = ServerHttpResponseDecorator.getNativeResponse(response);
			Channel channel = operations.channel();
			return response.setComplete()
				.then(Mono.create((exchangeEnd) -> OnLoop.run(channel.eventLoop(),
						() -> takeOver(channel, answer, handler, handshake, exchangeEnd))));
		});
	}

	private static String key(ServerWebExchange exchange) {
		HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
		if (!HttpVersion.HTTP_1_1.equals(request.version())) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "WebSocket takes HTTP/1.1 here");
		}
		return OpeningHandshake.key(exchange.getRequest().getHeaders());
	}

	private void takeOver(Channel channel, byte[] answer, WebSocketHandler handler, HandshakeInfo handshake,
			MonoSink<Void> exchangeEnd) {
		LeanSession session = session(channel, handshake);
		exchangeEnd.success();
		if (this.context.settings().detach() && isPlainEpoll(channel)) {
			channel.deregister().addListener((future) -> {
				detach((EpollSocketChannel) channel, session);
				session.start(answer, handler);
			});
		}
		else {
			session.start(answer, handler);
		}
	}

	private LeanSession session(Channel channel, HandshakeInfo handshake) {
		channel.config().setAutoRead(false);
		channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
		channel.config().setWriteBufferWaterMark(this.watermark);
		ChannelWire wire = new ChannelWire(channel, handshake, this.context);
		replaceHandlers(channel.pipeline(), wire);
		return wire.session();
	}

	private static boolean isPlainEpoll(Channel channel) {
		return channel instanceof EpollSocketChannel && channel.eventLoop() instanceof IoEventLoop
				&& channel.pipeline().get(SslHandler.class) == null;
	}

	private static void detach(EpollSocketChannel channel, LeanSession session) {
		if (session.isOpen()) {
			Socket socket = (Socket) channel.fd();
			session.moveTo(new DetachedSocket(socket, (IoEventLoop) channel.eventLoop(), session));
		}
	}

	/**
	 * Removes all handlers except TLS, from the last to the first. So the HTTP decoder is
	 * removed last. On its removal it passes on the bytes that came after the request,
	 * and only the session is left to receive them.
	 */
	private static void replaceHandlers(ChannelPipeline pipeline, ChannelHandler replacement) {
		List<Map.Entry<String, ChannelHandler>> handlers = List.copyOf(pipeline.toMap().entrySet());
		pipeline.addLast(replacement);
		for (Map.Entry<String, ChannelHandler> handler : handlers.reversed()) {
			if (!(handler.getValue() instanceof SslHandler)) {
				pipeline.remove(handler.getKey());
			}
		}
	}

}
