package dev.switchboard.routing;

import java.util.function.Function;

import dev.switchboard.json.Payload;
import reactor.core.publisher.Mono;

/**
 * A kind of question that other nodes ask this node about something that this node runs,
 * such as a recorded call. A package that can answer such questions provides a bean for
 * each kind.
 *
 * @param kind the name of the kind between nodes and in metrics: lower-case ASCII
 * letters, different from the kinds of all verbs and other questions
 * @param answer gives the answer for a subject; empty if the subject does not run on this
 * node. The function is called on an event loop, and throws
 * {@link IllegalArgumentException} for a subject that it cannot read
 */
public record NodeQuestion(String kind, Function<String, Mono<Payload>> answer) {
}
