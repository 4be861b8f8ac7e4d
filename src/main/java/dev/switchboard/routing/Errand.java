package dev.switchboard.routing;

import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.node.NodeRecord;
import reactor.core.publisher.Mono;

/**
 * Something to do on an agent's connection, wherever that is.
 *
 * @param here does it on a connection of this node
 * @param there has it done on another node, in what is left of the wait
 * @param <T> what comes of it
 */
public record Errand<T>(Function<AgentConnection, Mono<T>> here, BiFunction<NodeRecord, Duration, Mono<T>> there) {
}
