package dev.switchboard.transport;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * The closing of a session (RFC 6455 section 7), from the first Close frame of either
 * side to the end of the socket. The socket is read until the peer has closed too, so
 * that the peer gets the close code and not a reset (section 7.1.1). The settings limit
 * how long this takes and how many bytes are read.
 */
final class Closing {

	private final CloseStatus status;

	private final Wire wire;

	private final TransportSettings settings;

	private long discarded;

	/** Whether the kernel has our Close frame. */
	private boolean sent;

	/** Whether the peer has sent its Close frame or has ended its side of the socket. */
	private boolean received;

	private boolean ended;

	private @Nullable Future<?> timeout;

	Closing(CloseStatus status, Wire wire, TransportSettings settings) {
		this.status = status;
		this.wire = wire;
		this.settings = settings;
	}

	CloseStatus status() {
		return this.status;
	}

	/**
	 * Sends the Close frame, after the messages already written. If the peer's Close
	 * frame does not come in time, closes the socket.
	 */
	void start() {
		this.timeout = this.wire.eventLoop()
			.schedule(this.wire::close, this.settings.closeTimeout().toNanos(), TimeUnit.NANOSECONDS);
		this.wire.writeControl(Opcode.CLOSE, CloseCode.write(this.status));
	}

	void sent() {
		this.sent = true;
		closeWhenDone();
	}

	void received() {
		this.received = true;
		closeWhenDone();
	}

	/** Counts bytes that came while the session closes. */
	void discarded(int bytes) {
		this.discarded += bytes;
		if (this.discarded > this.settings.closeDiscard()) {
			this.wire.close();
		}
	}

	/** Records that the socket is closed. Returns whether this is the first call. */
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

	boolean isEnded() {
		return this.ended;
	}

	/**
	 * Returns the error with which {@code send} ends. It is null if the Close frame was
	 * sent, or if the socket ended without an error before this side began to close.
	 * @param error the error that ended the socket, if any
	 */
	@Nullable Throwable failure(@Nullable Throwable error) {
		if (this.sent) {
			return null;
		}
		boolean started = this.timeout != null;
		return (started && error == null) ? new ClosedChannelException() : error;
	}

	private void closeWhenDone() {
		if (this.sent && this.received) {
			this.wire.close();
		}
	}

}
