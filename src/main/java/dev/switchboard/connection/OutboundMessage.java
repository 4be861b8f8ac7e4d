package dev.switchboard.connection;

import java.util.function.LongConsumer;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * A message on its way to an agent. While it is queued in an {@link OutboundSink}, no
 * byte of it has been written. A message has the link to the next one in the queue, so an
 * empty queue needs no memory of its own. Once the transport has taken the message, its
 * bytes belong to the transport.
 */
final class OutboundMessage {

	private static final DataBuffer NOTHING = DefaultDataBufferFactory.sharedInstance.wrap(new byte[0]);

	/**
	 * The number of queued bytes up to which payloads are moved out of the heap. It is a
	 * quarter of the direct memory that the JVM allows, because the sockets' buffers need
	 * direct memory too.
	 */
	private static final long MAX_OUTSIDE_HEAP = Runtime.getRuntime().maxMemory() / 4;

	private final WebSocketMessage.Type type;

	private final int size;

	/** The listener to notify; null after the notice, or if there is none. */
	private @Nullable Listener listener;

	@Nullable OutboundMessage next;

	private DataBuffer bytes;

	private State state = State.NEW;

	private @Nullable LongConsumer countedIn;

	/**
	 * Is notified once, when a message is taken or dropped. Called on the connection's
	 * event loop.
	 */
	interface Listener {

		/** Called when the transport takes the message to write it. */
		void taken();

		/** Called when the connection ends while the message is queued. */
		void dropped();

	}

	private enum State {

		NEW, QUEUED, TAKEN, WITHDRAWN

	}

	private OutboundMessage(WebSocketMessage.Type type, DataBuffer bytes, @Nullable Listener listener) {
		this.type = type;
		this.bytes = bytes;
		this.size = bytes.readableByteCount();
		this.listener = listener;
	}

	/** Makes the message of a frame, without a listener. */
	static OutboundMessage of(Frame.FromGateway frame) {
		return text(FrameCodec.encode(frame));
	}

	static OutboundMessage text(byte[] utf8) {
		return new OutboundMessage(WebSocketMessage.Type.TEXT, DefaultDataBufferFactory.sharedInstance.wrap(utf8),
				null);
	}

	/** Makes the message of a call or a push. */
	static OutboundMessage of(Frame.FromCaller frame, Listener listener) {
		return new OutboundMessage(WebSocketMessage.Type.TEXT, FrameBytes.of(frame), listener);
	}

	static OutboundMessage ping() {
		return new OutboundMessage(WebSocketMessage.Type.PING, NOTHING, null);
	}

	/** Makes a ping whose pong brings these bytes back. */
	static OutboundMessage ping(byte[] payload, Listener listener) {
		return new OutboundMessage(WebSocketMessage.Type.PING, DefaultDataBufferFactory.sharedInstance.wrap(payload),
				listener);
	}

	int size() {
		return this.size;
	}

	/** Whether the message has been neither queued nor withdrawn. */
	boolean isNew() {
		return this.state == State.NEW;
	}

	/** Whether the message waits for the transport. */
	boolean isQueued() {
		return this.state == State.QUEUED;
	}

	/**
	 * Whether the transport has taken the message, so that bytes of it may have been
	 * written.
	 */
	boolean isTaken() {
		return this.state == State.TAKEN;
	}

	/** Records that the message is in the queue. */
	void queued() {
		this.state = State.QUEUED;
	}

	/**
	 * Prepares the message for a longer wait in the queue. Moves a shared payload out of
	 * the heap, unless too many bytes are queued already.
	 * @param queuedBytes the bytes that are queued on all connections
	 * @param count takes the bytes of the message, and their negative number when the
	 * message leaves the queue
	 */
	void keep(long queuedBytes, LongConsumer count) {
		if (queuedBytes < MAX_OUTSIDE_HEAP) {
			this.bytes = FrameBytes.outsideHeap(this.bytes);
		}
		this.countedIn = count;
		count.accept(this.size);
	}

	/** Gives the bytes to the transport, which must release them. */
	WebSocketMessage take() {
		WebSocketMessage message = new WebSocketMessage(this.type, this.bytes);
		Listener waiting = leaveQueue(State.TAKEN);
		if (waiting != null) {
			waiting.taken();
		}
		return message;
	}

	/** Takes the message back. No byte of it is ever written. */
	void withdraw() {
		DataBufferUtils.release(this.bytes);
		leaveQueue(State.WITHDRAWN);
	}

	/**
	 * Takes the message back because its connection has ended, and notifies the listener.
	 */
	void drop() {
		DataBufferUtils.release(this.bytes);
		Listener waiting = leaveQueue(State.WITHDRAWN);
		if (waiting != null) {
			waiting.dropped();
		}
	}

	/**
	 * Changes the state, and drops the references to the message's bytes and listener.
	 * The queue may keep its link to the message for longer, but the bytes should be
	 * freed now.
	 */
	private @Nullable Listener leaveQueue(State state) {
		Listener waiting = this.listener;
		this.state = state;
		this.bytes = NOTHING;
		this.listener = null;
		if (this.countedIn != null) {
			this.countedIn.accept(-this.size);
			this.countedIn = null;
		}
		return waiting;
	}

}
