package dev.switchboard.connection;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * The outbound queue of one connection. It is a unicast sink and its flux in one object,
 * to save the memory of Reactor's sink. Its one writer and its one subscriber are on the
 * connection's event loop, so it needs no atomics. The queue is a linked list of the
 * messages. {@link #send} limits the queued bytes. The queue is empty while the agent
 * keeps up.
 */
final class OutboundSink extends Flux<WebSocketMessage> implements Subscription {

	private @Nullable CoreSubscriber<? super WebSocketMessage> transport;

	private @Nullable OutboundMessage head;

	private @Nullable OutboundMessage tail;

	private int queuedBytes;

	private int demand;

	private boolean draining;

	private boolean ended;

	/**
	 * Writes or queues a message.
	 * @param limit how many bytes may be queued
	 * @return false if the message does not fit into the queue, or the sink has ended; an
	 * empty queue takes a message of any size
	 */
	boolean send(OutboundMessage message, long limit) {
		if (this.ended || (this.queuedBytes > 0 && (long) this.queuedBytes + message.size() > limit)) {
			return false;
		}
		enqueue(message);
		drain();
		return true;
	}

	/** Returns how many bytes are queued. */
	int queuedBytes() {
		return this.queuedBytes;
	}

	/**
	 * Takes a message back if it is still queued.
	 * @return true if no byte of the message is ever written
	 */
	boolean withdraw(OutboundMessage message) {
		if (message.isQueued()) {
			message.withdraw();
			this.queuedBytes -= message.size();
		}
		return !message.isTaken();
	}

	/** Drops all queued messages; no message is sent any more. */
	void end() {
		this.ended = true;
		OutboundMessage each = this.head;
		this.head = null;
		this.tail = null;
		this.queuedBytes = 0;
		for (; each != null; each = each.next) {
			if (each.isQueued()) {
				each.drop();
			}
		}
	}

	private void enqueue(OutboundMessage added) {
		if (this.tail == null) {
			this.head = added;
		}
		else {
			this.tail.next = added;
		}
		this.tail = added;
		added.queued();
		this.queuedBytes += added.size();
	}

	/**
	 * Gives messages to the transport while the transport requests them. It requests the
	 * next message while it takes one, so {@code draining} keeps this loop from being
	 * entered again.
	 */
	private void drain() {
		CoreSubscriber<? super WebSocketMessage> subscriber = this.transport;
		if (subscriber == null || this.draining) {
			return;
		}
		this.draining = true;
		while (this.demand > 0) {
			WebSocketMessage next = poll();
			if (next == null) {
				break;
			}
			if (this.demand != Integer.MAX_VALUE) {
				this.demand--;
			}
			subscriber.onNext(next);
		}
		this.draining = false;
	}

	private @Nullable WebSocketMessage poll() {
		OutboundMessage first = this.head;
		while (first != null) {
			this.head = first.next;
			first.next = null;
			if (this.head == null) {
				this.tail = null;
			}
			if (first.isQueued()) {
				this.queuedBytes -= first.size();
				return first.take();
			}
			first = this.head;
		}
		return null;
	}

	@Override
	public void subscribe(CoreSubscriber<? super WebSocketMessage> subscriber) {
		if (this.transport != null) {
			Operators.error(subscriber, new IllegalStateException("an outbound sink has one subscriber"));
			return;
		}
		this.transport = subscriber;
		subscriber.onSubscribe(this);
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n)) {
			this.demand = (int) Math.min(Integer.MAX_VALUE, Operators.addCap(this.demand, n));
			drain();
		}
	}

	@Override
	public void cancel() {
		end();
	}

}
