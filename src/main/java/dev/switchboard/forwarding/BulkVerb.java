package dev.switchboard.forwarding;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.json.JsonException;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.routing.Verb;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A verb that goes to another node together with others; also the subscription of its
 * waiter. It ends once. Belongs to the forwarder's event loop; only {@link #request} and
 * {@link #cancel} may be called from other threads.
 *
 * @param <V> the type of verb
 * @param <T> the verb's result
 */
final class BulkVerb<V extends Verb<T>, T> implements Subscription {

	private final NodeRecord node;

	private final V verb;

	private final BulkCodec<V, T> codec;

	private final CoreSubscriber<? super T> waiter;

	private final BulkPeerForwarder forwarder;

	private final long startNanos;

	private final AtomicBoolean begun = new AtomicBoolean();

	/** The request that carries the verb; null before one does. */
	private @Nullable VerbStream stream;

	/** The verb on its own, if the node does not take many in one request. */
	private @Nullable Disposable alone;

	private int number;

	private boolean written;

	private boolean ended;

	BulkVerb(NodeRecord node, V verb, BulkCodec<V, T> codec, CoreSubscriber<? super T> waiter,
			BulkPeerForwarder forwarder) {
		this.node = node;
		this.verb = verb;
		this.codec = codec;
		this.waiter = waiter;
		this.forwarder = forwarder;
		this.startNanos = forwarder.nanoTime();
	}

	NodeRecord node() {
		return this.node;
	}

	int number() {
		return this.number;
	}

	@Override
	public void request(long n) {
		if (n > 0 && this.begun.compareAndSet(false, true)) {
			this.forwarder.onLoop(() -> {
				if (!this.ended) {
					this.forwarder.begin(this);
				}
			});
		}
	}

	@Override
	public void cancel() {
		this.forwarder.onLoop(() -> {
			if (!this.ended) {
				this.ended = true;
				if (this.stream != null) {
					this.stream.cancel(this);
				}
				if (this.alone != null) {
					this.alone.dispose();
				}
			}
		});
	}

	/** Notes the request that carries the verb. */
	void on(VerbStream carrier) {
		this.stream = carrier;
	}

	/** Notes the number of the verb, and returns the message that begins it. */
	byte[] begin(int assigned) {
		this.number = assigned;
		return VerbMessages.begin(assigned, timeLeft(), this.codec.id(this.verb), this.verb.agent());
	}

	/** Notes that the message that begins the verb has been handed to the socket. */
	void written() {
		this.written = true;
	}

	/**
	 * Returns the message with what the verb has in common with others; null if it has
	 * all in common with an earlier one.
	 */
	byte @Nullable [] common(@Nullable BulkVerb<?, ?> earlier) {
		if (earlier != null && earlier.codec.equals(this.codec)) {
			@SuppressWarnings("unchecked") // They have the same codec.
			V other = (V) earlier.verb;
			if (this.codec.isAlike(other, this.verb)) {
				return null;
			}
		}
		return VerbMessages.common(this.codec, this.verb);
	}

	private Duration timeLeft() {
		return this.verb.timeToLive().minusNanos(this.forwarder.nanoTime() - this.startNanos);
	}

	/** Sends the verb in a request of its own. */
	void goAlone(PeerForwarder single) {
		if (!this.ended) {
			this.stream = null;
			Duration left = timeLeft();
			Mono<T> result = single.forward(this.node,
					this.verb.within(left.isPositive() ? left : Duration.ofMillis(1)));
			this.alone = result.subscribe((answer) -> this.forwarder.onLoop(() -> end(answer)),
					(failure) -> this.forwarder.onLoop(() -> fail(failure)),
					() -> this.forwarder.onLoop(() -> end(null)));
		}
	}

	/** Takes the answer of the node, after its type and number. */
	void answer(byte type, ByteBuffer message) {
		switch (type) {
			case VerbMessages.RESULT -> result(VerbMessages.rest(message));
			case VerbMessages.DONE -> end(null);
			case VerbMessages.NOT_HERE -> fail(ForwardException.notHere(message.getLong()));
			case VerbMessages.FAILED -> fail(VerbMessages.failure(message));
			case VerbMessages.REFUSED -> fail(new ForwardException(ForwardException.Reason.UNSENT));
			default -> fail(new ForwardException(ForwardException.Reason.LOST));
		}
	}

	private void result(byte[] message) {
		T result;
		try {
			result = this.codec.decodeResult(this.verb, message);
		}
		catch (JsonException ex) {
			fail(new ForwardException(ForwardException.Reason.LOST));
			return;
		}
		end(result);
	}

	private void end(@Nullable T result) {
		if (result == null && this.codec.hasResult()) {
			fail(new ForwardException(ForwardException.Reason.LOST));
		}
		else if (!this.ended) {
			this.ended = true;
			if (result != null) {
				this.waiter.onNext(result);
			}
			this.waiter.onComplete();
		}
	}

	/** Fails the verb as its request has failed. */
	void failWith(Throwable failure) {
		fail(this.written ? failure : unsent(failure));
	}

	/** Returns what the failure of a request means for a verb that was not written. */
	private static Throwable unsent(Throwable failure) {
		return switch (failure) {
			case ForwardException forward when forward.reason() == ForwardException.Reason.LOST ->
				new ForwardException(ForwardException.Reason.UNSENT);
			case ConnectionException ended when ended.reason() == ConnectionException.Reason.DEADLINE ->
				new ConnectionException(ConnectionException.Reason.DEADLINE_UNSENT);
			default -> failure;
		};
	}

	void fail(Throwable failure) {
		if (!this.ended) {
			this.ended = true;
			this.waiter.onError(failure);
		}
	}

}
