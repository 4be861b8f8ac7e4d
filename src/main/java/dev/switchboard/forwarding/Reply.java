package dev.switchboard.forwarding;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.connection.ConnectionException;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request of another node. It ends once. After its end, or after the end
 * of its stream, it drops all messages. Thread-safe, but parts and the end must not be
 * sent from two threads at a time.
 */
final class Reply implements VerbReply {

	/**
	 * The most bytes of parts that may wait to be written. A part that exceeds this limit
	 * is refused, unless no other part waits.
	 */
	private static final long MAX_UNWRITTEN = 1024 * 1024;

	private final ServerStreams streams;

	private final int stream;

	private final long receivedNanos;

	private final AtomicLong unwritten = new AtomicLong();

	/**
	 * Whether the end of the answer was requested. Belongs to the thread that sends the
	 * answer.
	 */
	private boolean finished;

	/**
	 * Whether the answer's first headers are written. This field and {@code ended} belong
	 * to the event loop.
	 */
	private boolean begun;

	private boolean ended;

	Reply(ServerStreams streams, int stream) {
		this.streams = streams;
		this.stream = stream;
		this.receivedNanos = streams.time().nanoTime();
	}

	/**
	 * Sends a message that is not the last.
	 * @return false if there is no room for the message; then the message is dropped
	 */
	boolean part(byte[] message) {
		long waiting = this.unwritten.get();
		if (waiting > 0 && waiting + message.length > MAX_UNWRITTEN) {
			return false;
		}
		this.unwritten.addAndGet(message.length);
		onLoop(() -> {
			begin();
			this.streams.writeMessage(this.stream, message, false)
				.addListener((_) -> this.unwritten.addAndGet(-message.length));
		});
		return true;
	}

	/**
	 * Sends a message that is not the last, even if many wait to be written. Called on
	 * the event loop.
	 */
	void message(byte[] message) {
		onLoop(() -> {
			begin();
			this.streams.writeMessage(this.stream, message, false);
		});
	}

	/** Sends the last message. */
	@Override
	public void end(byte[] message) {
		finish(() -> {
			begin();
			this.streams.writeMessage(this.stream, message, true);
		});
	}

	/** Ends the answer without a last message. */
	@Override
	public void end() {
		finish(ok());
	}

	/**
	 * Answers that this node does not hold the agent.
	 * @param epoch the epoch of the agent's connection that is closing on this node; 0 if
	 * there is none
	 */
	@Override
	public void notHere(long epoch) {
		finish(new DefaultHttp2Headers(false, 4).status(Http2Dialect.NOT_HERE).setLong(Http2Dialect.EPOCH, epoch));
	}

	/**
	 * Ends the answer with a failure, which takes the place of all messages that were not
	 * sent.
	 */
	@Override
	public void fail(Throwable failure) {
		if (failure instanceof ConnectionException ended) {
			fail(ended.reason().name().toLowerCase(Locale.ROOT), ended.detail());
		}
		else {
			PeerFaultLog.failed(failure);
			fail("unknown", null);
		}
	}

	/** Refuses a request that has not been served. */
	void refuse(AsciiString status) {
		finish(new DefaultHttp2Headers(false, 4).status(status));
	}

	/**
	 * Refuses the request, because it does not have this node's secret.
	 * @param uptimeMillis for how long this node has run
	 */
	void refuseUnauthorized(long uptimeMillis) {
		finish(new DefaultHttp2Headers(false, 4).status(Http2Dialect.UNAUTHORIZED)
			.setLong(Http2Dialect.UPTIME, uptimeMillis));
	}

	private void fail(String failure, @Nullable String detail) {
		finish(() -> {
			Http2Headers headers = this.begun ? new DefaultHttp2Headers(false, 4) : ok();
			if (detail != null) {
				headers.set(Http2Dialect.DETAIL, AsciiString.of(detail));
			}
			this.streams.writeHeaders(this.stream, headers.set(Http2Dialect.FAILURE, AsciiString.of(failure)), true);
		});
	}

	private void finish(Http2Headers headers) {
		finish(() -> this.streams.writeHeaders(this.stream, headers, true));
	}

	private void finish(Runnable last) {
		if (!this.finished) {
			this.finished = true;
			onLoop(() -> {
				last.run();
				this.ended = true;
			});
		}
	}

	private void begin() {
		if (!this.begun) {
			this.begun = true;
			this.streams.writeHeaders(this.stream, ok(), false);
		}
	}

	private Http2Headers ok() {
		long took = TimeUnit.NANOSECONDS.toMicros(this.streams.time().nanoTime() - this.receivedNanos);
		return new DefaultHttp2Headers(false, 4).status(Http2Dialect.OK).setLong(Http2Dialect.TOOK, took);
	}

	/** Called when the stream has closed. Messages that come later are dropped. */
	void close() {
		this.ended = true;
	}

	private void onLoop(Runnable task) {
		this.streams.onLoop(() -> {
			if (!this.ended) {
				task.run();
			}
		});
	}

}
