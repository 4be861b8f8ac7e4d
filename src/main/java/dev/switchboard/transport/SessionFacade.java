package dev.switchboard.transport;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.util.Assert;
import org.springframework.util.ObjectUtils;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * The parts of Spring's SPI that have nothing to do with the protocol: a session's id,
 * its attributes and the creation of messages.
 */
abstract class SessionFacade implements EventLoopSession {

	static final DataBufferFactory BUFFERS = DefaultDataBufferFactory.sharedInstance;

	private @Nullable HandshakeInfo handshake;

	private @Nullable Map<String, Object> attributes;

	SessionFacade(HandshakeInfo handshake) {
		this.handshake = handshake;
		if (!handshake.getAttributes().isEmpty()) {
			getAttributes().putAll(handshake.getAttributes());
		}
	}

	@Override
	public final String getId() {
		return ObjectUtils.getIdentityHexString(this);
	}

	@Override
	public final HandshakeInfo getHandshakeInfo() {
		HandshakeInfo info = this.handshake;
		Assert.state(info != null, "The handshake's information is not kept after handle() has returned");
		return info;
	}

	/** Drops the handshake's headers, which an idle connection would keep for days. */
	final void forgetHandshake() {
		this.handshake = null;
	}

	@Override
	public final synchronized Map<String, Object> getAttributes() {
		if (this.attributes == null) {
			this.attributes = new ConcurrentHashMap<>();
		}
		return this.attributes;
	}

	@Override
	public final DataBufferFactory bufferFactory() {
		return BUFFERS;
	}

	@Override
	public final WebSocketMessage textMessage(String payload) {
		return new WebSocketMessage(WebSocketMessage.Type.TEXT, BUFFERS.wrap(payload.getBytes(StandardCharsets.UTF_8)));
	}

	@Override
	public final WebSocketMessage binaryMessage(Function<DataBufferFactory, DataBuffer> payloadFactory) {
		return new WebSocketMessage(WebSocketMessage.Type.BINARY, payloadFactory.apply(BUFFERS));
	}

	@Override
	public final WebSocketMessage pingMessage(Function<DataBufferFactory, DataBuffer> payloadFactory) {
		return new WebSocketMessage(WebSocketMessage.Type.PING, payloadFactory.apply(BUFFERS));
	}

	@Override
	public final WebSocketMessage pongMessage(Function<DataBufferFactory, DataBuffer> payloadFactory) {
		return new WebSocketMessage(WebSocketMessage.Type.PONG, payloadFactory.apply(BUFFERS));
	}

}
