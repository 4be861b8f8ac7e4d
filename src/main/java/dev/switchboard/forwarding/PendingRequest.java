package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.json.JsonException;
import dev.switchboard.routing.ForwardException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * A request to another node that waits for its answer; also the subscription of its
 * waiter. It ends once. It belongs to its connection's event loop; only {@link #request}
 * and {@link #cancel} may be called from other threads.
 */
final class PendingRequest<T> implements Subscription {

	/**
	 * How long this node still waits for the answer after the deadline. The other node
	 * also ends the request at the deadline, and its answer may say more than that the
	 * time is up.
	 */
	private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

	private final PeerRequest<T> content;

	private final CoreSubscriber<? super T> waiter;

	private final PeerConnection connection;

	private final ForwardingMetrics metrics;

	private final long startNanos;

	private final AtomicBoolean begun = new AtomicBoolean();

	private final MessageReader messages = new MessageReader();

	/**
	 * The number of the stream that carries the request; 0 before the request is sent.
	 */
	private int stream;

	private boolean bodyOpen;

	private boolean written;

	private boolean ended;

	private long tookMicros = -1;

	PendingRequest(PeerRequest<T> content, CoreSubscriber<? super T> waiter, PeerConnection connection,
			ForwardingMetrics metrics) {
		this.content = content;
		this.waiter = waiter;
		this.connection = connection;
		this.metrics = metrics;
		this.startNanos = connection.time().nanoTime();
	}

	PeerRequest<T> content() {
		return this.content;
	}

	boolean isEnded() {
		return this.ended;
	}

	@Override
	public void request(long n) {
		if (n > 0 && this.begun.compareAndSet(false, true)) {
			this.connection.onLoop(() -> this.connection.begin(this));
		}
	}

	@Override
	public void cancel() {
		this.connection.onLoop(() -> {
			if (end("cancelled")) {
				this.connection.abandon(this);
			}
		});
	}

	/** Returns the rest of the time to live. */
	long remainingNanos(long now) {
		return this.content.timeToLive().toNanos() - (now - this.startNanos);
	}

	/**
	 * Whether the deadline and the grace period after it have passed. In the grace
	 * period, the other node should have answered that the time is up.
	 */
	boolean isOverdue(long now) {
		return remainingNanos(now) + GRACE_NANOS < 0;
	}

	/** Returns the rest of the time to live, or a millisecond if less is left. */
	Duration timeLeft() {
		long millis = TimeUnit.NANOSECONDS.toMillis(remainingNanos(now()));
		return Duration.ofMillis(Math.max(1, millis));
	}

	private long now() {
		return this.connection.time().nanoTime();
	}

	int stream() {
		return this.stream;
	}

	/** Notes the stream on which the request is sent. */
	void sentOn(int stream) {
		this.stream = stream;
		this.bodyOpen = this.content.body().isOpen();
	}

	/** Whether the request has been sent, but more of its body follows. */
	boolean isBodyOpen() {
		return this.bodyOpen;
	}

	/** Notes that the whole body has been sent. */
	void bodyEnded() {
		this.bodyOpen = false;
	}

	/** Notes that the last byte of the request has been handed to the socket. */
	void written() {
		this.written = true;
	}

	/** Takes the headers at the beginning or at the end of an answer. */
	void headers(Http2Headers headers, boolean last) {
		CharSequence failure = headers.get(Http2Dialect.FAILURE);
		CharSequence status = headers.status();
		if (failure != null) {
			fail(failure(failure.toString(), headers.get(Http2Dialect.DETAIL)));
		}
		else if (status != null && Http2Dialect.NOT_HERE.contentEquals(status)) {
			fail(ForwardException.notHere(headers.getLong(Http2Dialect.EPOCH, 0)));
		}
		else if (status != null && Http2Dialect.OVERLOADED.contentEquals(status)) {
			fail(new ConnectionException(ConnectionException.Reason.OVERLOADED));
		}
		else if (status != null && Http2Dialect.UNAUTHORIZED.contentEquals(status)) {
			fail(ForwardException.refused(Duration.ofMillis(headers.getLong(Http2Dialect.UPTIME, 0))));
		}
		else if (status != null && !Http2Dialect.OK.contentEquals(status)) {
			PeerFaultLog.warn(this.connection, "refused a request: status " + status);
			fail(new ForwardException(Http2Dialect.BAD_REQUEST.contentEquals(status)
					? ForwardException.Reason.NOT_UNDERSTOOD : ForwardException.Reason.UNSENT));
		}
		else {
			this.tookMicros = headers.getLong(Http2Dialect.TOOK, this.tookMicros);
			endOf(last);
		}
	}

	/** Takes a part of an answer's body. */
	void data(ByteBuf data, boolean last) {
		if (!this.messages.read(data, this::message)) {
			PeerFaultLog.warn(this.connection, "sent a message that cannot be read");
			fail(new ForwardException(ForwardException.Reason.LOST));
		}
		endOf(last);
	}

	private void message(byte[] message) {
		if (this.ended) {
			return;
		}
		try {
			T answer = this.content.reader().read(message);
			if (answer == null) {
				// The answer has several parts, and the other node reports only the time
				// until the first part. So the hop cannot be measured.
				this.tookMicros = -1;
			}
			else if (end("answered")) {
				this.waiter.onNext(answer);
				this.waiter.onComplete();
			}
		}
		catch (ConnectionException | JsonException ex) {
			fail((ex instanceof ConnectionException) ? ex : new ForwardException(ForwardException.Reason.LOST));
		}
	}

	private void endOf(boolean last) {
		if (last && end("answered")) {
			this.waiter.onComplete();
		}
	}

	/** Returns the failure that another node has named. */
	static RuntimeException failure(String name, @Nullable CharSequence detail) {
		try {
			return new ConnectionException(ConnectionException.Reason.valueOf(name.toUpperCase(Locale.ROOT)),
					(detail != null) ? detail.toString() : null);
		}
		catch (IllegalArgumentException ex) {
			return new ForwardException(ForwardException.Reason.LOST);
		}
	}

	/**
	 * Fails the request as unsent, because the other node has refused it unread.
	 */
	void refused() {
		fail(new ForwardException(ForwardException.Reason.UNSENT));
	}

	/** Fails the request because its connection or stream has ended. */
	void disconnect() {
		fail(new ForwardException(this.written ? ForwardException.Reason.LOST : ForwardException.Reason.UNSENT));
	}

	/** Fails the request, unless it has ended. */
	void fail(RuntimeException failure) {
		if (end(ForwardingMetrics.result(failure))) {
			this.waiter.onError(failure);
		}
	}

	private boolean end(String result) {
		if (this.ended) {
			return false;
		}
		this.ended = true;
		this.metrics.ended(this.content.kind(), result);
		if (this.tookMicros >= 0 && result.equals("answered") && !this.content.body().isOpen()) {
			this.metrics.hop(now() - this.startNanos - TimeUnit.MICROSECONDS.toNanos(this.tookMicros));
		}
		return true;
	}

}
