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
 * Passes the parts of a streamed result on to a caller. It counts bytes until the socket
 * has written them, and refuses a part when more than {@link #LIMIT} would wait, so a
 * slow caller never holds up the agent's connection. One thread calls {@link #accept}:
 * the event loop of the agent's connection.
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
	 * Ends the stream by a last line. A call that failed before its first part ends it by
	 * an {@link UnbegunStreamException} instead, and gets an ordinary answer.
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

	/** The lines to write. The subscriber releases each line. */
	Flux<ByteBuf> lines() {
		return this.lines.asFlux().doOnDiscard(ByteBuf.class, ByteBuf::release);
	}

	/** The end of a call that failed before its first part. */
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

	/** Stops counting its bytes when it is released: they are written, or dropped. */
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
