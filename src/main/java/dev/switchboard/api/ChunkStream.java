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
 * The parts of a streamed result on their way to a caller. It counts bytes until the
 * socket has taken them, and takes no more from an agent than {@link #LIMIT} of them; the
 * agent's connection is never held up. Fed by one thread, the event loop of the agent's
 * connection.
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
	 * The end of the stream: the last line, or, where nothing was streamed yet and the
	 * call failed, an error, so that the answer is an ordinary one.
	 */
	void end(CallOutcome outcome) {
		if (!this.begun && outcome.status() != 200) {
			this.lines.tryEmitError(new UnbegunStreamException(outcome));
			return;
		}
		emit(this.format.last(outcome.answer()));
		this.lines.tryEmitComplete();
	}

	/** Ends the stream because the call could not even be started. */
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

	/** What to write. */
	Flux<ByteBuf> lines() {
		return this.lines.asFlux().doOnDiscard(ByteBuf.class, ByteBuf::release);
	}

	/** A call that failed before anything of it was streamed. */
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

	/** Tells when its bytes are written, or given up. */
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
