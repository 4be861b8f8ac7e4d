package dev.switchboard.connection;

import java.util.List;

import reactor.core.publisher.Mono;

/** Takes events that the gateway itself sends about agents. Thread-safe. */
@FunctionalInterface
public interface GatewayEvents {

	/**
	 * Stores events in this order. Sends nothing before subscription. While the database
	 * is away, the events wait.
	 * @return completes when all events are in the log; an error if some of them are not
	 * taken, because too many events wait or the database refuses them. Then the caller
	 * sends all of them again later
	 */
	Mono<Void> store(List<GatewayEvent> events);

}
