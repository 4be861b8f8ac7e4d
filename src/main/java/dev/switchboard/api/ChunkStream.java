package dev.switchboard.api;

import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.call.CallOutcome;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.json.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.http.MediaType;

/**
 * Passes the parts of a streamed result on to a caller. It counts the bytes that the
 * caller's socket has not taken yet, and refuses a part with which they would exceed
 * {@link #LIMIT}. So a slow caller never delays the agent's connection. Only one thread
 * calls {@link #accept}: the event loop of the connection that the parts come from.
 */
final class ChunkStream implements ChunkReceiver {

	static final long LIMIT = 1024 * 1024;

	private final StreamFormat format;

	private final AtomicLong unwritten = new AtomicLong();

	private final Sinks.Many<ByteBuf> lines = Sinks.many().unicast().onBackpressureBuffer();

	private boolean begun;

	ChunkStream(StreamFormat format) {
		this.format = format;
	}

	@Override
	public boolean accept(Payload chunk) {
		long waiting = this.unwritten.get();
		if (waiting > 0 && waiting + chunk.length() > LIMIT) {
			return false;
		}
		this.begun = true;
		emit(this.format.chunk(chunk));
		return true;
	}

	/**
	 * Ends the stream with a last line. If the call failed before its first part, the
	 * stream ends with an {@link UnbegunStreamException}, and the caller gets an ordinary
	 * answer.
	 */
	void end(CallOutcome outcome) {
		if (!this.begun && outcome.status() != 200) {
			this.lines.tryEmitError(new UnbegunStreamException(outcome));
			return;
		}
		emit(this.format.last(outcome.answer()));
		this.lines.tryEmitComplete();
	}

	/** Ends the stream of a call that could not be started. */
	void fail(Throwable error) {
		this.lines.tryEmitError(error);
	}

	MediaType mediaType() {
		return this.format.mediaType();
	}

	private void emit(byte[] line) {
		this.unwritten.addAndGet(line.length);
		ByteBuf buffer = new CountedBuffer(line);
		if (this.lines.tryEmitNext(buffer).isFailure()) {
			buffer.release();
		}
	}

	/** Returns the lines to write. The subscriber releases each line. */
	Flux<ByteBuf> lines() {
		return this.lines.asFlux().doOnDiscard(ByteBuf.class, ByteBuf::release);
	}

	/** Says that a call failed before its first part. */
	static final class UnbegunStreamException extends RuntimeException {

		private final transient CallOutcome outcome;

		UnbegunStreamException(CallOutcome outcome) {
			super(null, null, false, false);
			this.outcome = outcome;
		}

		CallOutcome outcome() {
			return this.outcome;
		}

	}

	/**
	 * A line whose bytes count as unwritten until the buffer is released, after the
	 * socket has taken it or because it was dropped.
	 */
	private final class CountedBuffer extends UnpooledHeapByteBuf {

		CountedBuffer(byte[] line) {
			super(UnpooledByteBufAllocator.DEFAULT, line, line.length);
		}

		@Override
		protected void freeArray(byte[] array) {
			ChunkStream.this.unwritten.addAndGet(-array.length);
		}

	}

}
