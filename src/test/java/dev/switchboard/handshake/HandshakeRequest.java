package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.channel.ChannelOperations;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/** The request of a handshake that came without HTTP. */
final class HandshakeRequest extends AbstractServerHttpRequest {

	private static final URI ADDRESS = URI.create("/v1/connect");

	private static final Channel NO_CHANNEL = new EmbeddedChannel();

	private final InetSocketAddress remote;

	private final Map<String, Object> attributes = new HashMap<>();

	HandshakeRequest(HttpHeaders headers, InetSocketAddress remote) {
		super(HttpMethod.GET, ADDRESS, null, headers);
		this.remote = remote;
	}

	@Override
	public InetSocketAddress getRemoteAddress() {
		return this.remote;
	}

	@Override
	public Map<String, Object> getAttributes() {
		return this.attributes;
	}

	@Override
	public Flux<DataBuffer> getBody() {
		return Flux.empty();
	}

	@Override
	protected MultiValueMap<String, HttpCookie> initCookies() {
		return new LinkedMultiValueMap<>();
	}

	@Override
	protected @Nullable SslInfo initSslInfo() {
		return null;
	}

	@Override
	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" }) // Spring's
	public <T> T getNativeRequest() {
		return (T) new ChannelOperations<>(Connection.from(NO_CHANNEL), ConnectionObserver.emptyListener());
	}

}
