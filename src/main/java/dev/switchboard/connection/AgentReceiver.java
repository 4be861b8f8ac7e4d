package dev.switchboard.connection;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.switchboard.json.JsonException;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.transport.EventLoopSession;
import dev.switchboard.transport.FrameViolationException;
import dev.switchboard.transport.InboundText;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;

import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * The receiving half of a connection: turns messages into frames, on its event loop. It
 * is a superclass of {@link AgentConnection} and not a part of it, which saves an idle
 * connection one object.
 */
abstract class AgentReceiver extends WatchedConnection implements CoreSubscriber<WebSocketMessage> {

	private static final Logger logger = LoggerFactory.getLogger(AgentReceiver.class);

	private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-fA-F-]{36})\"");

	/** Exists while calls wait, and then until the next look at the connection. */
	@Nullable PendingCalls pending;

	AgentReceiver(AgentCredentials credentials, long epoch, @Nullable InetSocketAddress remote,
			EventLoopSession session, EventLoopContext context) {
		super(credentials, epoch, remote, session, context);
	}

	@Override
	public final void onSubscribe(Subscription subscription) {
		subscription.request(Long.MAX_VALUE);
	}

	@Override
	public final void onNext(WebSocketMessage message) {
		switch (message.getType()) {
			case TEXT -> receive((InboundText) message);
			case BINARY -> close(DisconnectReason.PROTOCOL_VIOLATION);
			case PING, PONG -> {
				// The transport answers pings, and records when bytes came.
			}
		}
	}

	private void receive(InboundText message) {
		try {
			Frame.FromAgent frame = FrameCodec.decodeUtf8FromAgent(message.utf8());
			if (frame != null) {
				receive(frame);
			}
		}
		catch (JsonException ex) {
			logger.debug("{} broke the protocol: {}", agent(), ex.getMessage());
			close(DisconnectReason.PROTOCOL_VIOLATION);
		}
	}

	@Override
	public final void onError(Throwable error) {
		if (error instanceof FrameViolationException violation
				&& violation.status().getCode() == DisconnectReason.TOO_BIG.code()) {
			resultTooLarge(namedCall(violation.prefix()));
		}
		end();
	}

	@Override
	public final void onComplete() {
		end();
	}

	// Searches for the id, since the incomplete message cannot be parsed.
	private static @Nullable CallId namedCall(byte[] leadingBytes) {
		Matcher id = ID.matcher(new String(leadingBytes, StandardCharsets.ISO_8859_1));
		return id.find() ? CallId.parse(id.group(1)) : null;
	}

	/** Takes a frame from the agent. */
	abstract void receive(Frame.FromAgent frame);

	final void resultTooLarge(@Nullable CallId named) {
		if (this.pending != null) {
			this.pending.resultTooLarge(named);
		}
	}

	@Override
	final boolean isAwaited() {
		return this.pending != null && !this.pending.isEmpty();
	}

	/** Called when the session has begun to close. Nothing more comes. */
	abstract void end();

}
