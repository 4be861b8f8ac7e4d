package dev.switchboard.connection;

import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * A message on its way to an agent. As long as it waits in its {@link OutboundSink} no
 * byte of it was written; the queue links messages through themselves and owns nothing
 * while it is empty.
 */
final class OutboundMessage extends WebSocketMessage {

	private final int size;

	private final @Nullable MonoSink<Void> written;

	@Nullable OutboundMessage next;

	private State state = State.WAITING;

	private @Nullable LongAdder countedIn;

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

	boolean isWaiting() {
		return this.state == State.WAITING;
	}

	/** Whether the transport has taken it, so that its bytes may have been written. */
	boolean isTaken() {
		return this.state == State.TAKEN;
	}

	/** Whether no byte of it will ever be written. */
	boolean isWithdrawn() {
		return this.state == State.WITHDRAWN;
	}

	/** {@link System#nanoTime()} when the transport took it. */
	long takenNanos() {
		return this.takenNanos;
	}

	/** Counts its bytes for as long as it waits. */
	void countIn(LongAdder queuedBytes) {
		this.countedIn = queuedBytes;
		queuedBytes.add(this.size);
	}

	void take() {
		leaveQueue(State.TAKEN);
		this.takenNanos = System.nanoTime();
		if (this.written != null) {
			this.written.success();
		}
	}

	void withdraw() {
		leaveQueue(State.WITHDRAWN);
	}

	/** Tells whoever waits for it that it will not be written. */
	void drop() {
		leaveQueue(State.WITHDRAWN);
		if (this.written != null) {
			this.written.error(new ConnectionException(ConnectionException.Reason.GONE));
		}
	}

	private void leaveQueue(State state) {
		this.state = state;
		if (this.countedIn != null) {
			this.countedIn.add(-this.size);
			this.countedIn = null;
		}
	}

}
