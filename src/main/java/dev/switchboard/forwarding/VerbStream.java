package dev.switchboard.forwarding;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.switchboard.json.JsonException;
import dev.switchboard.routing.ForwardException;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A request to another node that carries many verbs. Verbs wait here until the connection
 * is open. When the request fails, so do its verbs: those that were written may have run.
 * When the node takes no more requests, the request takes no more verbs, and ends when
 * its verbs have ended. Belongs to the forwarder's event loop.
 */
final class VerbStream implements PeerRequest.Body {

	private static final byte[] NONE = {};

	private final BulkPeerForwarder forwarder;

	private final IntObjectMap<BulkVerb<?, ?>> sent = new IntObjectHashMap<>();

	private final Set<BulkVerb<?, ?>> queued = new LinkedHashSet<>();

	private @Nullable Disposable request;

	private @Nullable BodyStream body;

	private @Nullable BulkVerb<?, ?> latest;

	private int lastNumber;

	private boolean leaving;

	private boolean ended;

	VerbStream(BulkPeerForwarder forwarder) {
		this.forwarder = forwarder;
	}

	/**
	 * Sends the request.
	 * @param result the result of the request, which has no value
	 */
	void open(Mono<Void> result) {
		this.request = result.subscribe((_) -> {
		}, this::failed, this::completed);
	}

	/** Whether the request takes verbs. */
	boolean isUsable() {
		return !this.leaving && !this.ended;
	}

	void begin(BulkVerb<?, ?> verb) {
		verb.on(this);
		if (this.body == null) {
			this.queued.add(verb);
		}
		else {
			send(verb, this.body);
		}
	}

	private void send(BulkVerb<?, ?> verb, BodyStream to) {
		if (to.isCongested()) {
			verb.fail(new ForwardException(ForwardException.Reason.UNSENT));
			return;
		}
		byte[] common = verb.common(this.latest);
		if (common != null) {
			to.write(common, () -> {
			});
		}
		this.latest = verb;
		this.lastNumber++;
		byte[] message = verb.begin(this.lastNumber);
		this.sent.put(this.lastNumber, verb);
		to.write(message, verb::written);
	}

	/** Withdraws a verb whose waiter has gone. */
	void cancel(BulkVerb<?, ?> verb) {
		if (!this.queued.remove(verb) && this.sent.remove(verb.number(), verb) && this.body != null) {
			this.body.write(VerbMessages.cancel(verb.number()), () -> {
			});
		}
		endIfLeft();
	}

	@Override
	public byte[] encode(Duration left) {
		return NONE;
	}

	@Override
	public boolean isOpen() {
		return true;
	}

	@Override
	public void opened(BodyStream opened) {
		this.body = opened;
		List<BulkVerb<?, ?>> waiting = List.copyOf(this.queued);
		this.queued.clear();
		waiting.forEach((verb) -> send(verb, opened));
	}

	@Override
	public void leaving() {
		this.leaving = true;
		endIfLeft();
	}

	private void endIfLeft() {
		if (this.leaving && this.sent.isEmpty() && this.body != null) {
			this.body.end();
		}
	}

	/** Reads a message of the node. */
	@Nullable Void read(byte[] bytes) {
		try {
			ByteBuffer message = ByteBuffer.wrap(bytes);
			byte type = message.get();
			BulkVerb<?, ?> verb = this.sent.remove(message.getInt());
			if (verb != null) {
				verb.answer(type, message);
				endIfLeft();
			}
			return null;
		}
		catch (BufferUnderflowException ex) {
			throw new JsonException("a message that is too short");
		}
	}

	private void completed() {
		failed(new ForwardException(ForwardException.Reason.LOST));
	}

	private void failed(Throwable failure) {
		this.ended = true;
		this.forwarder.ended(this);
		List<BulkVerb<?, ?>> all = new ArrayList<>(this.sent.values());
		all.addAll(this.queued);
		this.sent.clear();
		this.queued.clear();
		if (failure instanceof ForwardException refused && refused.reason() == ForwardException.Reason.NOT_UNDERSTOOD) {
			all.forEach(this.forwarder::sendAlone);
		}
		else {
			all.forEach((verb) -> verb.failWith(failure));
		}
	}

	/** Ends the request: in order if no verb waits, else by a reset. */
	void close() {
		this.leaving = true;
		if (this.sent.isEmpty() && this.body != null) {
			this.body.end();
		}
		else if (this.request != null && !this.ended) {
			this.ended = true;
			this.forwarder.ended(this);
			this.request.dispose();
		}
	}

}
