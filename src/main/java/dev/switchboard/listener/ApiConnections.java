package dev.switchboard.listener;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.Channel;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The open connections of the API port. Thread-safe. */
public final class ApiConnections {

	private final Map<Channel, HttpGate> gates = new ConcurrentHashMap<>();

	private volatile boolean answersAreLast;

	void add(Channel channel, HttpGate gate) {
		this.gates.put(channel, gate);
		channel.closeFuture().addListener((_) -> this.gates.remove(channel));
	}

	/**
	 * Sets whether each connection closes after its next answer, which then says so
	 * ({@code Connection: close}). So its caller connects anew, perhaps to another node.
	 * Idle connections stay open, because a request may be on its way.
	 */
	public void closeAfterAnswers(boolean close) {
		this.answersAreLast = close;
	}

	boolean areAnswersLast() {
		return this.answersAreLast;
	}

	/** Counts the connections on which an answer is missing or has not ended. */
	public Mono<Integer> answering() {
		return Flux.fromIterable(this.gates.entrySet())
			.flatMap((open) -> isAnswering(open.getKey(), open.getValue()))
			.filter(Boolean::booleanValue)
			.count()
			.map(Math::toIntExact);
	}

	private static Mono<Boolean> isAnswering(Channel channel, HttpGate gate) {
		return Mono.<Boolean>create((counter) -> channel.eventLoop().execute(() -> counter.success(gate.isAnswering())))
			.onErrorReturn(false);
	}

}
