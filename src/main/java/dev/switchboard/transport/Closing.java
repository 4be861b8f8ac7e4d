package dev.switchboard.transport;

import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * The end of a session (RFC 6455 section 7): from the Close frame, whoever's came first,
 * to the end of the socket. Exists from then on only.
 */
final class Closing {

	final CloseStatus status;

	/** Our Close frame is with the kernel. */
	boolean sent;

	/** The peer's Close frame has come, or nothing will. */
	boolean received;

	/** Bytes that were read and discarded. */
	long discarded;

	/** Ends the wait for the peer. */
	@Nullable Future<?> timeout;

	/** The socket is gone. */
	boolean ended;

	Closing(CloseStatus status) {
		this.status = status;
	}

	/** Whether the socket may be closed without the peer's losing what it was sent. */
	boolean isComplete() {
		return this.sent && this.received;
	}

	/** Ends it; {@code false} if it had ended. */
	boolean end() {
		if (this.ended) {
			return false;
		}
		this.ended = true;
		if (this.timeout != null) {
			this.timeout.cancel(false);
		}
		return true;
	}

}
