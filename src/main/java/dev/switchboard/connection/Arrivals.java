package dev.switchboard.connection;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Who waits for an agent to connect here. All that wait for the same agent share one
 * entry, which goes with the last of them. Thread-safe.
 */
final class Arrivals {

	private final Map<AgentId, Arrival> arrivals = new ConcurrentHashMap<>();

	private static final class Arrival {

		private final Sinks.One<AgentConnection> sink = Sinks.one();

		private int waiting;

	}

	/** Completes with the connection that is present, or that arrives next. */
	Mono<AgentConnection> await(AgentId agent, Supplier<@Nullable AgentConnection> present) {
		return Mono.defer(() -> {
			// Joins before it looks, so that an arrival between the two is not missed.
			Arrival arrival = join(agent);
			AgentConnection connection = present.get();
			Mono<AgentConnection> arrived = (connection != null) ? Mono.just(connection) : arrival.sink.asMono();
			return arrived.doFinally((_) -> leave(agent, arrival));
		});
	}

	void announce(AgentConnection connection) {
		Arrival arrival = this.arrivals.remove(connection.agent());
		if (arrival != null) {
			arrival.sink.tryEmitValue(connection);
		}
	}

	private Arrival join(AgentId agent) {
		return this.arrivals.compute(agent, (_, present) -> {
			Arrival arrival = (present != null) ? present : new Arrival();
			arrival.waiting++;
			return arrival;
		});
	}

	private void leave(AgentId agent, Arrival arrival) {
		this.arrivals.computeIfPresent(agent,
				(_, present) -> (present == arrival && --present.waiting == 0) ? null : present);
	}

	int size() {
		return this.arrivals.size();
	}

}
