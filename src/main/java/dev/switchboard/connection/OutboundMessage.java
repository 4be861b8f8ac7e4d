package dev.switchboard.connection;

import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * A message on its way to an agent. While it is queued in an {@link OutboundSink}, no
 * byte of it has been written. The queue links its messages through themselves, so that
 * an empty queue owns nothing. Once the transport has taken the message, its bytes belong
 * to the transport.
 */
final class OutboundMessage {

	private static final DataBuffer NOTHING = DefaultDataBufferFactory.sharedInstance.wrap(new byte[0]);

	/**
	 * At most this many bytes wait outside the heap. The JVM limits direct memory to the
	 * size of the heap, and the sockets' buffers share it.
	 */
	private static final long MAX_OUTSIDE_HEAP = Runtime.getRuntime().maxMemory() / 4;

	private final WebSocketMessage.Type type;

	private final int size;

	/** Null once the message's fate is known, or if it is of no interest. */
	private @Nullable Listener listener;

	@Nullable OutboundMessage next;

	private DataBuffer bytes;

	private State state = State.NEW;

	private @Nullable LongAdder countedIn;

	/** Takes the fate of a message, once, on the connection's event loop. */
	interface Listener {

		/** The transport took the message to write it. */
		void taken();

		/** The connection ended while the message was queued. */
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

	/** A frame whose fate is of no interest. */
	static OutboundMessage of(Frame.FromGateway frame) {
		return text(FrameCodec.encode(frame));
	}

	static OutboundMessage text(byte[] utf8) {
		return new OutboundMessage(WebSocketMessage.Type.TEXT, DefaultDataBufferFactory.sharedInstance.wrap(utf8),
				null);
	}

	/** A call or a push. */
	static OutboundMessage of(Frame.FromCaller frame, Listener listener) {
		return new OutboundMessage(WebSocketMessage.Type.TEXT, FrameBytes.of(frame), listener);
	}

	static OutboundMessage ping() {
		return new OutboundMessage(WebSocketMessage.Type.PING, NOTHING, null);
	}

	int size() {
		return this.size;
	}

	/** Whether it was neither queued nor withdrawn yet. */
	boolean isNew() {
		return this.state == State.NEW;
	}

	/** Whether it waits for the transport. */
	boolean isQueued() {
		return this.state == State.QUEUED;
	}

	/** Whether the transport has taken it, so that bytes of it may have been written. */
	boolean isTaken() {
		return this.state == State.TAKEN;
	}

	/** It is in the queue now. */
	void queued() {
		this.state = State.QUEUED;
	}

	/**
	 * Prepares for a longer wait in the queue: moves a large payload out of the heap, and
	 * counts the bytes for as long as they wait.
	 */
	void keep(LongAdder queuedBytes) {
		if (queuedBytes.sum() < MAX_OUTSIDE_HEAP) {
			this.bytes = FrameBytes.outsideHeap(this.bytes);
		}
		this.countedIn = queuedBytes;
		queuedBytes.add(this.size);
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

	/** Takes it out of the queue; no byte of it is ever written. */
	void withdraw() {
		DataBufferUtils.release(this.bytes);
		leaveQueue(State.WITHDRAWN);
	}

	/** Takes it out of the queue of a connection that has ended. */
	void drop() {
		DataBufferUtils.release(this.bytes);
		Listener waiting = leaveQueue(State.WITHDRAWN);
		if (waiting != null) {
			waiting.dropped();
		}
	}

	/**
	 * The queue may keep a link to the message, so the message drops its own references.
	 */
	private @Nullable Listener leaveQueue(State state) {
		Listener waiting = this.listener;
		this.state = state;
		this.bytes = NOTHING;
		this.listener = null;
		if (this.countedIn != null) {
			this.countedIn.add(-this.size);
			this.countedIn = null;
		}
		return waiting;
	}

}
