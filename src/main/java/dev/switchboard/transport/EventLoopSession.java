package dev.switchboard.transport;

import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.EventExecutor;

import org.springframework.web.reactive.socket.WebSocketSession;

/**
 * A WebSocket session that belongs to one event loop. All methods may be called from any
 * thread; messages and signals are delivered on the event loop, so code there needs no
 * locks.
 * <ul>
 * <li>{@link #receive()} has one subscriber. It gets TEXT, BINARY and PONG messages on
 * heap buffers that need no release; a TEXT message is an {@link InboundText} or, if it
 * is too long and the settings let it be skipped, an {@link OverlongText}. The flux
 * completes when the session begins to close. It fails with a
 * {@link FrameViolationException} if the peer broke RFC 6455 or a bound. Without demand
 * nothing is read. After cancellation all messages are discarded. A subscriber that is a
 * {@link SessionObserver} also learns how much is read and held.
 * <li>{@link #send} has one publisher, which is asked for a message only when the socket
 * takes more, so a message that the publisher still holds was never written. The
 * publisher's completion closes the session with 1000, its error with 1011. The returned
 * {@code Mono} ends when the connection has ended. It ends with an error if a write
 * failed.
 * <li>{@link #close} begins the closing handshake (RFC 6455 section 7.1.2) and completes
 * at once; the first status wins.
 * <li>{@link #closeStatus()} emits as soon as the status is known, before
 * {@link #receive()} ends: 1006 if the socket ended without a Close frame, 1005 if the
 * Close frame had no status.
 * <li>{@link #getHandshakeInfo()} works until the handler's {@code handle} has returned
 * and its result has been subscribed to, and throws afterwards.
 * </ul>
 */
public interface EventLoopSession extends WebSocketSession {

	/** Returns the event loop that reads, writes and delivers for this session. */
	EventExecutor eventLoop();

	/**
	 * Returns the time at which bytes last came from the peer, by
	 * {@link TimeSource#nanoTime()}. If none have come yet, returns the time at which the
	 * session began. May be called from any thread.
	 */
	long lastHeardNanos();

	/**
	 * Reads nothing for a while, so that the peer has to wait. To be called on the event
	 * loop.
	 */
	void pause(long nanos);

}
