package dev.switchboard.routing;

import java.util.function.Function;

import dev.switchboard.json.Payload;
import reactor.core.publisher.Mono;

/**
 * A question that this node answers for other nodes, about something that it runs itself,
 * such as a recorded call. A room that has such questions provides a bean for each.
 *
 * @param kind the question's name between nodes and in metrics: lower-case ASCII letters,
 * unique among the verbs and questions
 * @param answer answers for a subject; empty if this node does not run it. It is called
 * on an event loop and throws {@link IllegalArgumentException} for a subject that it
 * cannot read
 */
public record NodeQuestion(String kind, Function<String, Mono<Payload>> answer) {
}
