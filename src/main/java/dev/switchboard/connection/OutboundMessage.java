package dev.switchboard.connection;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * A message on its way to an agent. As long as it waits in its {@link OutboundQueue} no
 * byte of it was written; the queue links messages through themselves and owns nothing
 * while it is empty.
 */
final class OutboundMessage extends WebSocketMessage {

	private final int size;

	private final @Nullable MonoSink<Void> written;

	@Nullable OutboundMessage next;

	private State state = State.WAITING;

	private long takenNanos;

	private enum State {

		WAITING, TAKEN, WITHDRAWN

	}

	private OutboundMessage(Type type, byte[] bytes, @Nullable MonoSink<Void> written) {
		super(type, DefaultDataBufferFactory.sharedInstance.wrap(bytes));
		this.size = bytes.length;
		this.written = written;
	}

	static OutboundMessage text(byte[] utf8) {
		return new OutboundMessage(Type.TEXT, utf8, null);
	}

	/**
	 * A text message whose fate somebody waits for.
	 * @param written completes when the transport takes it to write it, or fails
	 */
	static OutboundMessage text(byte[] utf8, MonoSink<Void> written) {
		return new OutboundMessage(Type.TEXT, utf8, written);
	}

	static OutboundMessage ping() {
		return new OutboundMessage(Type.PING, new byte[0], null);
	}

	int size() {
		return this.size;
	}

	/** Whether the transport has taken it, so that its bytes may have been written. */
	boolean isTaken() {
		return this.state == State.TAKEN;
	}

	/** {@link System#nanoTime()} when the transport took it. */
	long takenNanos() {
		return this.takenNanos;
	}

	boolean isWithdrawn() {
		return this.state == State.WITHDRAWN;
	}

	/** Takes it back; afterwards it is never written. False if it is too late. */
	boolean withdraw() {
		if (this.state == State.WAITING) {
			this.state = State.WITHDRAWN;
			return true;
		}
		return this.state == State.WITHDRAWN;
	}

	void take() {
		this.state = State.TAKEN;
		this.takenNanos = System.nanoTime();
		if (this.written != null) {
			this.written.success();
		}
	}

	/** Tells whoever waits for it that it will not be written. */
	void drop() {
		withdraw();
		if (this.written != null) {
			this.written.error(new ConnectionException(ConnectionException.Reason.GONE));
		}
	}

}
