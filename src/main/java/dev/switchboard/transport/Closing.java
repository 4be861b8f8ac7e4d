package dev.switchboard.transport;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * The end of a session (RFC 6455 section 7), from the first Close frame, whoever's, to
 * the end of the socket. The socket is read until the peer has closed too, so that it
 * sees the code and not a reset (section 7.1.1), within the bounds of the settings.
 */
final class Closing {

	private final CloseStatus status;

	private final Wire wire;

	private final TransportSettings settings;

	private long discarded;

	/** Our Close frame is with the kernel. */
	private boolean sent;

	/** The peer's Close frame has come, or nothing more will. */
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
	 * Sends the Close frame after what was written, and begins to wait for the peer's.
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

	/** Bytes came that mean nothing any more. */
	void discarded(int bytes) {
		this.discarded += bytes;
		if (this.discarded > this.settings.closeDiscard()) {
			this.wire.close();
		}
	}

	/** The socket is gone; {@code false} if that was known. */
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

	/** Why not all was sent, given the error that ended the socket, if any. */
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
