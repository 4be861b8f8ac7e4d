package dev.switchboard.connection;

import org.springframework.web.reactive.socket.WebSocketMessage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * What the gateway sends on one connection: a sink with one writer, the connection's
 * event loop, over a queue that is bounded in bytes.
 */
final class Outbound {

	private final OutboundQueue queue = new OutboundQueue();

	private final Sinks.Many<WebSocketMessage> sink = Sinks.unsafe().many().unicast().onBackpressureBuffer(this.queue);

	private final long limit;

	Outbound(long limit) {
		this.limit = limit;
	}

	Flux<WebSocketMessage> messages() {
		return this.sink.asFlux();
	}

	/** Sends or queues the message; false if it does not fit any more. */
	boolean send(OutboundMessage message) {
		if (!this.queue.fits(message.size(), this.limit)) {
			return false;
		}
		return this.sink.tryEmitNext(message).isSuccess();
	}

	/** Takes a message back; true if it will never be written. */
	boolean withdraw(OutboundMessage message) {
		return this.queue.withdraw(message);
	}

	/** Drops what still waits; nothing is sent any more. */
	void discard() {
		this.queue.clear();
	}

	long queuedBytes() {
		return this.queue.bytes();
	}

}
