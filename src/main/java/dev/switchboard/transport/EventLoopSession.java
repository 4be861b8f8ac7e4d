package dev.switchboard.transport;

import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.EventExecutor;

import org.springframework.web.reactive.socket.WebSocketSession;

/**
 * A WebSocket session that lives on one event loop: messages are delivered there, and
 * what runs there needs no locks against them.
 * <ul>
 * <li>{@link #receive()} has one subscriber. It gets TEXT, BINARY and PONG messages on
 * heap buffers that need no release; a TEXT message is an {@link InboundText}. It
 * completes when the session begins to close, and ends with a
 * {@link FrameViolationException} when the peer broke RFC 6455. Without demand nothing is
 * read. Cancelling it discards what comes.
 * <li>{@link #send} has one publisher, which is asked for a message only when the socket
 * takes more, so what the publisher still holds was never written. Its completion closes
 * the session with 1000, its error with 1011. The returned {@code Mono} ends when the
 * connection has, with an error if a write failed.
 * <li>{@link #close} begins the closing handshake (RFC 6455 section 7.1.2) and completes
 * at once; the first status wins.
 * <li>{@link #closeStatus()} emits as soon as it is known, before {@link #receive()}
 * ends: 1006 if the socket ended without a Close frame, 1005 if that bore no status.
 * <li>{@link #getHandshakeInfo()} is there until the handler's {@code handle} has
 * returned and its result been subscribed to, and throws afterwards.
 * </ul>
 */
public interface EventLoopSession extends WebSocketSession {

	/** The event loop that reads, writes and delivers for this session. */
	EventExecutor eventLoop();

	/**
	 * The time, by {@link TimeSource#nanoTime()}, at which bytes last came from the peer;
	 * before that, the time at which the session began. May be called from any thread.
	 */
	long lastHeardNanos();

}
