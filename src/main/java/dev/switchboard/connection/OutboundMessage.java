package dev.switchboard.connection;

import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.protocol.Frame;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * A message on its way to an agent. As long as it waits in its {@link OutboundSink} no
 * byte of it was written; the queue links messages through themselves and owns nothing
 * while it is empty. Its bytes are the transport's once that has taken it.
 */
public final class OutboundMessage {

	private static final DataBuffer NOTHING = DefaultDataBufferFactory.sharedInstance.wrap(new byte[0]);

	/**
	 * So much may wait outside the heap, where the JVM has as much room as in it and
	 * sockets need theirs.
	 */
	private static final long MOST_OUTSIDE = Runtime.getRuntime().maxMemory() / 4;

	private final WebSocketMessage.Type type;

	private final int size;

	/** Who waits to hear of its fate, until that is known. */
	private @Nullable MonoSink<Void> written;

	@Nullable OutboundMessage next;

	private DataBuffer bytes;

	private State state = State.WAITING;

	private @Nullable LongAdder countedIn;

	private long takenNanos;

	private enum State {

		WAITING, TAKEN, WITHDRAWN

	}

	private OutboundMessage(WebSocketMessage.Type type, DataBuffer bytes, @Nullable MonoSink<Void> written) {
		this.type = type;
		this.bytes = bytes;
		this.size = bytes.readableByteCount();
		this.written = written;
	}

	public static OutboundMessage text(byte[] utf8) {
		return new OutboundMessage(WebSocketMessage.Type.TEXT, DefaultDataBufferFactory.sharedInstance.wrap(utf8),
				null);
	}

	static OutboundMessage of(Frame.Call call) {
		return new OutboundMessage(WebSocketMessage.Type.TEXT, FrameBytes.of(call), null);
	}

	/**
	 * A push, whose fate somebody waits for.
	 * @param written completes when the transport takes it to write it, or fails
	 */
	static OutboundMessage of(Frame.Push push, MonoSink<Void> written) {
		return new OutboundMessage(WebSocketMessage.Type.TEXT, FrameBytes.of(push), written);
	}

	static OutboundMessage ping() {
		return new OutboundMessage(WebSocketMessage.Type.PING, NOTHING, null);
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

	/**
	 * Makes ready for a longer wait: keeps its bytes outside the heap if they are many,
	 * and counts them for as long as it waits.
	 */
	void park(LongAdder queuedBytes) {
		if (queuedBytes.sum() < MOST_OUTSIDE) {
			this.bytes = FrameBytes.outsideHeap(this.bytes);
		}
		this.countedIn = queuedBytes;
		queuedBytes.add(this.size);
	}

	/** Gives its bytes to the transport, which is to release them. */
	WebSocketMessage take() {
		WebSocketMessage message = new WebSocketMessage(this.type, this.bytes);
		MonoSink<Void> waiter = this.written;
		leaveQueue(State.TAKEN);
		this.takenNanos = System.nanoTime();
		if (waiter != null) {
			waiter.success();
		}
		return message;
	}

	void withdraw() {
		DataBufferUtils.release(this.bytes);
		leaveQueue(State.WITHDRAWN);
	}

	/** Tells whoever waits for it that it will not be written. */
	void drop() {
		MonoSink<Void> waiter = this.written;
		withdraw();
		if (waiter != null) {
			waiter.error(new ConnectionException(ConnectionException.Reason.GONE));
		}
	}

	/** The queue may link it for longer, but it holds nothing any more. */
	private void leaveQueue(State state) {
		this.state = state;
		this.bytes = NOTHING;
		this.written = null;
		if (this.countedIn != null) {
			this.countedIn.add(-this.size);
			this.countedIn = null;
		}
	}

}
