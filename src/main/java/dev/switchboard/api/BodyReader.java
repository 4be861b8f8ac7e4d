package dev.switchboard.api;

import java.util.Arrays;
import java.util.Objects;

import dev.switchboard.problem.ProblemException;
import dev.switchboard.quota.BudgetHold;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Reads a request's body into one array. This needs one operator for each call; {@code
 * DataBufferUtils.join} would need ten.
 */
final class BodyReader implements CoreSubscriber<DataBuffer>, Subscription {

	/**
	 * The most bytes that are allocated because of the announced length, before the body
	 * comes.
	 */
	private static final int MOST_IN_ADVANCE = 8 * 1024;

	private static final byte[] NONE = {};

	private final CoreSubscriber<? super byte[]> reader;

	private final int limit;

	/**
	 * The announced length of the body, but at most the limit; the limit if no length is
	 * announced.
	 */
	private final int expected;

	private final @Nullable BudgetHold hold;

	private byte[] bytes;

	private int length;

	private boolean done;

	private @Nullable Subscription body;

	private BodyReader(CoreSubscriber<? super byte[]> reader, long announced, int limit, @Nullable BudgetHold hold) {
		this.reader = reader;
		this.limit = limit;
		this.hold = hold;
		this.expected = (announced >= 0) ? (int) Math.min(announced, limit) : limit;
		this.bytes = (announced >= 0) ? new byte[Math.min(this.expected, MOST_IN_ADVANCE)] : NONE;
	}

	/**
	 * Reads the body of a request.
	 * @return the bytes of the body, perhaps none; an error of
	 * {@link DataBufferLimitException} if the body has more bytes than the limit
	 */
	static Mono<byte[]> read(ServerHttpRequest request, int limit) {
		return read(request, limit, null);
	}

	/**
	 * Reads the body of a request, and counts its bytes while it arrives.
	 * @param hold counts the bytes, and is released when the body has come; null if they
	 * are not counted
	 * @return as {@link #read(ServerHttpRequest, int)}; an error of
	 * {@link ProblemException} also if there are no bytes left
	 */
	static Mono<byte[]> read(ServerHttpRequest request, int limit, @Nullable BudgetHold hold) {
		long announced = request.getHeaders().getContentLength();
		return Mono.fromDirect((reader) -> request.getBody()
			.subscribe(new BodyReader(Operators.toCoreSubscriber(reader), announced, limit, hold)));
	}

	@Override
	public Context currentContext() {
		return this.reader.currentContext();
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.body = subscription;
		this.reader.onSubscribe(this);
	}

	@Override
	public void onNext(DataBuffer buffer) {
		if (!this.done) {
			append(buffer);
		}
		DataBufferUtils.release(buffer);
	}

	private void append(DataBuffer buffer) {
		int count = buffer.readableByteCount();
		if (count > this.limit - this.length) {
			refuse(new DataBufferLimitException("More than " + this.limit + " bytes"));
			return;
		}
		if (count > this.bytes.length - this.length) {
			int capacity = Math.max(Math.min(this.expected, 2 * this.bytes.length), this.length + count);
			if (this.hold != null && !this.hold.tryGrow(capacity - this.bytes.length)) {
				refuse(this.hold.refusal());
				return;
			}
			this.bytes = Arrays.copyOf(this.bytes, capacity);
		}
		buffer.read(this.bytes, this.length, count);
		this.length += count;
	}

	private void refuse(Throwable error) {
		cancel();
		this.reader.onError(error);
	}

	private void end() {
		this.done = true;
		if (this.hold != null) {
			this.hold.release();
		}
	}

	@Override
	public void onError(Throwable error) {
		if (!this.done) {
			end();
			this.reader.onError(error);
		}
	}

	@Override
	public void onComplete() {
		if (!this.done) {
			end();
			byte[] whole = (this.length == this.bytes.length) ? this.bytes : Arrays.copyOf(this.bytes, this.length);
			this.bytes = NONE; // The reader may stay in memory as long as the call lasts.
			this.reader.onNext(whole);
			this.reader.onComplete();
		}
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n)) {
			Objects.requireNonNull(this.body).request(Long.MAX_VALUE);
		}
	}

	@Override
	public void cancel() {
		end();
		this.bytes = NONE;
		Objects.requireNonNull(this.body).cancel();
	}

}
