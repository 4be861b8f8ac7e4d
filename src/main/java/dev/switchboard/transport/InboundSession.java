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
 * The receiving half of a session: bytes become messages, as many as the subscriber has
 * asked for. It is a class above {@link LeanSession}, and the subscription itself, to
 * spare an idle connection two objects.
 */
abstract class InboundSession extends SessionFacade implements Subscription {

	final SessionContext context;

	/** There only while a message is incomplete, or the session closes. */
	private @Nullable FrameReader reader;

	private @Nullable CoreSubscriber<? super WebSocketMessage> receiver;

	/** Bytes that were read when nobody asked for more. */
	private @Nullable ByteBuf held;

	/** Messages asked for; the largest number means all. */
	private int demand;

	private volatile long lastHeard;

	private boolean subscribed;

	private boolean reading;

	private boolean inputEnded;

	InboundSession(HandshakeInfo handshake, SessionContext context) {
		super(handshake);
		this.context = context;
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

	/** Nobody listens any more; pings and the peer's Close still count. */
	@Override
	public final void cancel() {
		onLoop(() -> {
			this.receiver = null;
			this.demand = Integer.MAX_VALUE;
			resume();
		});
	}

	/** Bytes came from the socket. They are consumed; the buffer remains the caller's. */
	final void arrived(ByteBuf in) {
		this.lastHeard = this.context.time().nanoTime();
		if (!isOpen()) {
			onDiscard(in.readableBytes());
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
		resume();
	}

	/** The peer sends no more; that counts once all that came before has been read. */
	final void inputEnded() {
		this.inputEnded = true;
		resume();
	}

	/** Reads what there is demand for; while the session closes, all there is. */
	final void resume() {
		if (this.reading || isEnded()) {
			return;
		}
		ByteBuf waiting = this.held;
		if (waiting != null) {
			read(waiting);
			this.held = waiting.isReadable() ? waiting : null;
		}
		setReading(wantsInput() && !this.inputEnded);
		if (this.held == null && this.inputEnded) {
			onInputEnd();
		}
	}

	/** From here on only the peer's Close frame matters. */
	final void discardInput() {
		reader().skip();
	}

	/** No more messages for the subscriber. */
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
			RawMessage message = reader().next(in);
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
			this.reader = new FrameReader(this.context.settings().maxMessage());
		}
		return this.reader;
	}

	private boolean wantsInput() {
		return isOpen() ? this.demand > 0 : !isEnded();
	}

	/** Runs it on the event loop, now if that is here; never, if the loop has ended. */
	abstract void onLoop(Runnable task);

	/** Whether the socket is to be read. */
	abstract void setReading(boolean on);

	abstract void onPing(byte[] payload);

	/** The peer's Close frame. */
	abstract void onClose(byte[] payload);

	abstract void onViolation(FrameViolationException violation);

	/** The peer has ended its side of the socket. */
	abstract void onInputEnd();

	/** So many bytes came while the session closes. */
	abstract void onDiscard(int bytes);

	/** Whether the socket is gone. */
	abstract boolean isEnded();

}
