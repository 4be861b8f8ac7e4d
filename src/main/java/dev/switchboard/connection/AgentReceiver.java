package dev.switchboard.connection;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.protocol.ProtocolException;
import dev.switchboard.transport.FrameViolationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.socket.WebSocketMessage;

/** Reads what an agent sends, on its connection's event loop. */
final class AgentReceiver extends BaseSubscriber<WebSocketMessage> {

	private static final Logger LOG = LoggerFactory.getLogger(AgentReceiver.class);

	private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-fA-F-]{36})\"");

	private final AgentConnection connection;

	AgentReceiver(AgentConnection connection) {
		this.connection = connection;
	}

	@Override
	protected void hookOnNext(WebSocketMessage message) {
		switch (message.getType()) {
			case TEXT -> receive(message.getPayload());
			case BINARY -> this.connection.close(DisconnectReason.PROTOCOL_VIOLATION);
			case PING, PONG -> {
				// The transport answers, and notes that it heard something.
			}
		}
	}

	private void receive(DataBuffer payload) {
		byte[] bytes = new byte[payload.readableByteCount()];
		payload.read(bytes);
		try {
			Frame.FromAgent frame = FrameCodec.decodeFromAgent(bytes);
			if (frame != null) {
				this.connection.receive(frame);
			}
		}
		catch (ProtocolException ex) {
			LOG.debug("{} broke the protocol: {}", this.connection.agent(), ex.getMessage());
			this.connection.close(DisconnectReason.PROTOCOL_VIOLATION);
		}
	}

	@Override
	protected void hookOnError(Throwable error) {
		if (error instanceof FrameViolationException violation
				&& violation.status().getCode() == DisconnectReason.TOO_BIG.code()) {
			this.connection.resultTooLarge(namedCall(violation.prefix()));
		}
		this.connection.end();
	}

	@Override
	protected void hookOnComplete() {
		this.connection.end();
	}

	// The message never came whole, so this is a guess at its beginning, not a parse.
	private static @Nullable CallId namedCall(byte[] leadingBytes) {
		Matcher id = ID.matcher(new String(leadingBytes, StandardCharsets.ISO_8859_1));
		return id.find() ? CallId.parse(id.group(1)) : null;
	}

}
