package dev.switchboard.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * The receiving half of a session: turns bytes into as many messages as the subscriber
 * has requested. It is a superclass of {@link LeanSession} and also the subscription,
 * which saves two objects for each idle connection. Its fields mean:
 *
 * <pre>
 * subscribed  receiver
 *     no        null    receive() has no subscriber yet, and nothing is read
 *     yes       set     messages go to the subscriber
 *     yes       null    the subscriber has cancelled or was ended; messages are dropped
 *
 *   held    inputEnded
 *   null        no      the socket is read while there is demand or the session closes
 *   set         no      the socket is not read: the held bytes came without demand
 *   set         yes     the socket is not read; the end is handled after the held bytes
 *   null        yes     everything is read, and the session closes
 * </pre>
 */
abstract class InboundSession extends SessionState implements Subscription {

	/** Null unless a message is incomplete or the session is closing. */
	private @Nullable FrameReader reader;

	private @Nullable CoreSubscriber<? super WebSocketMessage> receiver;

	private @Nullable ByteBuf held;

	/**
	 * How many messages are requested and not delivered yet; the largest int means all.
	 */
	private int demand;

	private volatile long lastHeard;

	private boolean subscribed;

	/** Whether {@link #read} is running. {@link #resume} does nothing then. */
	private boolean reading;

	/** Whether the peer has ended its side of the socket. */
	private boolean inputEnded;

	InboundSession(Wire wire, HandshakeInfo handshake, SessionContext context) {
		super(wire, handshake, context);
		this.lastHeard = context.time().nanoTime();
	}

	@Override
	public final long lastHeardNanos() {
		return this.lastHeard;
	}

	@Override
	public final Flux<WebSocketMessage> receive() {
		return Flux.from((subscriber) -> onLoop(() -> startReceiving(Operators.toCoreSubscriber(subscriber))));
	}

	private void startReceiving(CoreSubscriber<? super WebSocketMessage> subscriber) {
		if (this.subscribed) {
			Operators.error(subscriber, new IllegalStateException("receive() allows one subscriber"));
		}
		else if (!isOpen()) {
			Operators.complete(subscriber);
		}
		else {
			this.subscribed = true;
			this.receiver = subscriber;
			subscriber.onSubscribe(this);
		}
	}

	@Override
	public final void request(long n) {
		if (Operators.validate(n)) {
			onLoop(() -> {
				this.demand = (int) Math.min(Integer.MAX_VALUE, Operators.addCap(this.demand, n));
				resume();
			});
		}
	}

	/** Discards further messages, but still handles pings and the peer's Close frame. */
	@Override
	public final void cancel() {
		onLoop(() -> {
			this.receiver = null;
			this.demand = Integer.MAX_VALUE;
			resume();
		});
	}

	/** Takes bytes from the wire and consumes them. The buffer remains the caller's. */
	final void arrived(ByteBuf in) {
		this.lastHeard = this.context.time().nanoTime();
		Closing closing = closing();
		if (closing != null) {
			closing.discarded(in.readableBytes());
		}
		if (this.held != null) {
			this.held.writeBytes(in);
		}
		else {
			read(in);
			if (in.isReadable()) {
				this.held = Unpooled.buffer(in.readableBytes()).writeBytes(in);
			}
		}
		checkTime();
		resume();
	}

	private void checkTime() {
		if (this.reader != null && isOpen()) {
			try {
				this.reader.checkTime(this.lastHeard);
			}
			catch (FrameViolationException ex) {
				onViolation(ex);
			}
		}
	}

	/** Called by the wire when the peer has ended its side of the socket. */
	final void inputEnded() {
		this.inputEnded = true;
		resume();
	}

	/**
	 * Reads as many messages as are requested, or everything if the session is closing.
	 */
	final void resume() {
		if (this.reading || isEnded()) {
			return;
		}
		ByteBuf waiting = this.held;
		if (waiting != null) {
			read(waiting);
			this.held = waiting.isReadable() ? waiting : null;
		}
		wire().setReading(wantsInput() && !this.inputEnded);
		if (this.held == null && this.inputEnded) {
			onInputEnd();
		}
	}

	/** Discards all further input except the peer's Close frame. */
	final void discardInput() {
		reader().skip();
	}

	/** Completes the subscriber, if there is one, or fails it with the cause. */
	final void endReceiving(@Nullable Throwable cause) {
		CoreSubscriber<? super WebSocketMessage> subscriber = this.receiver;
		this.receiver = null;
		if (subscriber != null && cause != null) {
			subscriber.onError(cause);
		}
		else if (subscriber != null) {
			subscriber.onComplete();
		}
	}

	final void dropInput() {
		this.reader = null;
		this.held = null;
	}

	private void read(ByteBuf in) {
		this.reading = true;
		try {
			while (in.isReadable() && wantsInput()) {
				readFrame(in);
			}
		}
		finally {
			this.reading = false;
		}
		if (isEnded()) {
			in.skipBytes(in.readableBytes());
		}
		if (isEnded() || reader().isIdle()) {
			this.reader = null;
		}
	}

	private void readFrame(ByteBuf in) {
		try {
			RawMessage message = reader().next(in, this.lastHeard);
			if (message == null) {
				return;
			}
			switch (message.opcode()) {
				case Opcode.PING -> onPing(message.payload());
				case Opcode.CLOSE -> onClose(message.payload());
				default -> deliver(message);
			}
		}
		catch (FrameViolationException ex) {
			onViolation(ex);
		}
	}

	private void deliver(RawMessage message) {
		if (this.demand != Integer.MAX_VALUE) {
			this.demand--;
		}
		if (this.receiver != null) {
			this.receiver.onNext(message.toWebSocketMessage());
		}
	}

	private FrameReader reader() {
		if (this.reader == null) {
			this.reader = new FrameReader(this.context.settings().message());
		}
		return this.reader;
	}

	private boolean wantsInput() {
		return isOpen() ? this.demand > 0 : !isEnded();
	}

	abstract void onPing(byte[] payload);

	/** Called when the peer's Close frame has come. */
	abstract void onClose(byte[] payload);

	/** Called when the peer has broken RFC 6455 or a bound on messages. */
	abstract void onViolation(FrameViolationException violation);

	/**
	 * Called when the peer has ended its side of the socket and all its bytes are read.
	 */
	abstract void onInputEnd();

}
