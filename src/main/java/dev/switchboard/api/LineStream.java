package dev.switchboard.api;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.switchboard.time.TimeSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import org.springframework.http.MediaType;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The lines of a streamed answer. The stream counts the bytes that the caller's socket
 * has not taken yet. While no line comes, the stream writes a filler now and then, so
 * that no proxy takes the stream for dead. One thread at a time may add lines.
 */
final class LineStream {

	/** The number of unwritten bytes above which a caller reads too slowly. */
	static final long LIMIT = 1024 * 1024;

	/** The time without a line after which a filler is written. */
	static final Duration QUIET = Duration.ofSeconds(15);

	private final StreamFormat format;

	private final TimeSource time;

	private final BooleanSupplier mayFill;

	private final Runnable taken;

	private final AtomicLong unwritten = new AtomicLong();

	private final Sinks.Many<ByteBuf> lines = Sinks.many().unicast().onBackpressureBuffer();

	private volatile long lastLineNanos;

	/**
	 * @param mayFill asked before a filler is written
	 * @param taken runs when the caller's socket has taken a line, on any thread
	 */
	LineStream(StreamFormat format, TimeSource time, BooleanSupplier mayFill, Runnable taken) {
		this.format = format;
		this.time = time;
		this.mayFill = mayFill;
		this.taken = taken;
		this.lastLineNanos = time.nanoTime();
	}

	StreamFormat format() {
		return this.format;
	}

	MediaType mediaType() {
		return this.format.mediaType();
	}

	/** Returns the number of bytes that the caller's socket has not taken yet. */
	long unwritten() {
		return this.unwritten.get();
	}

	/** Adds a line. */
	void add(byte[] line) {
		this.lastLineNanos = this.time.nanoTime();
		ByteBuf buffer = new CountedBuffer(line);
		if (hand(() -> this.lines.tryEmitNext(buffer)).isFailure()) {
			buffer.release();
		}
	}

	/** Ends the stream after its last line. */
	void complete() {
		hand(this.lines::tryEmitComplete);
	}

	/** Ends the stream with an error, after the lines that were added. */
	void fail(Throwable error) {
		hand(() -> this.lines.tryEmitError(error));
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
		if (!waits && this.mayFill.getAsBoolean()) {
			add(this.format.filler());
		}
	}

	/**
	 * A line whose bytes count as unwritten until its buffer is released. That happens
	 * when the socket has taken the line, or when the line is dropped.
	 */
	private final class CountedBuffer extends UnpooledHeapByteBuf {

		CountedBuffer(byte[] line) {
			super(UnpooledByteBufAllocator.DEFAULT, line, line.length);
			LineStream.this.unwritten.addAndGet(line.length);
		}

		@Override
		protected void freeArray(byte[] array) {
			LineStream.this.unwritten.addAndGet(-array.length);
			LineStream.this.taken.run();
		}

	}

}
