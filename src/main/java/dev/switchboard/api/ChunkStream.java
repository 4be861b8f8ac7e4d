package dev.switchboard.api;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import dev.switchboard.call.CallOutcome;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.json.Payload;
import dev.switchboard.time.TimeSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.http.MediaType;

/**
 * Passes the parts of a streamed result on to a caller. The stream counts the bytes that
 * the caller's socket has not taken yet. It refuses a part that would raise their number
 * above {@link #LIMIT}. But if there are no such bytes, it takes a part of any size. So a
 * slow caller never delays the agent's connection. While no part comes, the stream writes
 * a filler now and then, so that no proxy takes the stream for dead. One thread calls
 * {@link #accept}: the event loop of the connection that the parts come from.
 */
final class ChunkStream implements ChunkReceiver {

	static final long LIMIT = 1024 * 1024;

	/** The time without a line after which a filler is written. */
	static final Duration QUIET = Duration.ofSeconds(15);

	private final StreamFormat format;

	private final TimeSource time;

	private final AtomicLong unwritten = new AtomicLong();

	private final Sinks.Many<ByteBuf> lines = Sinks.many().unicast().onBackpressureBuffer();

	private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.UNBEGUN);

	private volatile long lastLineNanos;

	private enum Phase {

		/** Nothing has been written, so a failure can still be an ordinary answer. */
		UNBEGUN,
		/** The status has been sent, so a failure is the last line. */
		BEGUN,
		/** The call has failed before the status was sent. */
		FAILED

	}

	ChunkStream(StreamFormat format, TimeSource time) {
		this.format = format;
		this.time = time;
		this.lastLineNanos = time.nanoTime();
	}

	@Override
	public boolean accept(Payload chunk) {
		long waiting = this.unwritten.get();
		if (waiting > 0 && waiting + chunk.length() > LIMIT) {
			return false;
		}
		begin();
		emit(this.format.chunk(chunk));
		return true;
	}

	/**
	 * Begins the stream, unless the call has failed.
	 * @return whether lines may be written
	 */
	private boolean begin() {
		return this.phase.get() == Phase.BEGUN || this.phase.compareAndSet(Phase.UNBEGUN, Phase.BEGUN);
	}

	/**
	 * Ends the stream with a last line. If the call failed before anything was written,
	 * the stream ends with an {@link UnbegunStreamException}, and the caller gets an
	 * ordinary answer.
	 */
	void end(CallOutcome outcome) {
		if (outcome.status() != 200 && this.phase.compareAndSet(Phase.UNBEGUN, Phase.FAILED)) {
			this.lines.tryEmitError(new UnbegunStreamException(outcome));
			return;
		}
		emit(this.format.last(outcome.answer()));
		hand(this.lines::tryEmitComplete);
	}

	/** Ends the stream of a call that could not be started. */
	void fail(Throwable error) {
		this.phase.set(Phase.FAILED);
		this.lines.tryEmitError(error);
	}

	MediaType mediaType() {
		return this.format.mediaType();
	}

	private void emit(byte[] line) {
		this.lastLineNanos = this.time.nanoTime();
		ByteBuf buffer = new CountedBuffer(line);
		if (hand(() -> this.lines.tryEmitNext(buffer)).isFailure()) {
			buffer.release();
		}
	}

	/**
	 * Hands a signal to the subscriber. If another thread is handing over a line or a
	 * filler at this moment, waits until that thread has finished.
	 */
	private static Sinks.EmitResult hand(Supplier<Sinks.EmitResult> signal) {
		Sinks.EmitResult result = signal.get();
		while (result == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
			Thread.onSpinWait();
			result = signal.get();
		}
		return result;
	}

	/**
	 * Returns the lines to write and the fillers. The subscriber releases each of them.
	 */
	Flux<ByteBuf> lines() {
		return Flux.using(() -> fillers().subscribe(), (_) -> this.lines.asFlux(), Disposable::dispose)
			.doOnDiscard(ByteBuf.class, ByteBuf::release);
	}

	/**
	 * Writes fillers. There is only one timer, however many lines come: when it ends, it
	 * begins again for the time that is left until a filler is due.
	 */
	private Flux<Long> fillers() {
		return Mono.defer(() -> Mono.delay(QUIET.minusNanos(quietNanos()))).doOnNext((_) -> fill()).repeat();
	}

	private long quietNanos() {
		return this.time.nanoTime() - this.lastLineNanos;
	}

	private void fill() {
		if (quietNanos() < QUIET.toNanos()) {
			return;
		}
		this.lastLineNanos = this.time.nanoTime();
		boolean waits = this.unwritten.get() > 0; // the caller reads slowly
		if (!waits && begin()) {
			emit(this.format.filler());
		}
	}

	/** Says that a call failed before anything was written. */
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
	 * A line whose bytes count as unwritten until its buffer is released. That happens
	 * when the socket has taken the line, or when the line is dropped.
	 */
	private final class CountedBuffer extends UnpooledHeapByteBuf {

		CountedBuffer(byte[] line) {
			super(UnpooledByteBufAllocator.DEFAULT, line, line.length);
			ChunkStream.this.unwritten.addAndGet(line.length);
		}

		@Override
		protected void freeArray(byte[] array) {
			ChunkStream.this.unwritten.addAndGet(-array.length);
		}

	}

}
