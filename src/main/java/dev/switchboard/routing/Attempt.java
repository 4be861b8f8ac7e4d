package dev.switchboard.routing;

import java.time.Instant;

import dev.switchboard.connection.ConnectionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The result of running a verb in one place. Immutable.
 *
 * @param <T> the verb's result
 */
sealed interface Attempt<T> {

	/** The verb ran; the value is null for a verb without a result. */
	record Answered<T>(@Nullable T value) implements Attempt<T> {
	}

	/** The agent's connection failed it. */
	record Failed<T>(ConnectionException.Reason reason) implements Attempt<T> {
	}

	/** No node holds the agent. */
	record Offline<T>(Instant lastSeen) implements Attempt<T> {
	}

	/**
	 * The node that was asked does not hold the agent.
	 *
	 * @param epoch the epoch of the agent's connection that is closing there; 0 if there
	 * is none
	 */
	record NotHere<T>(long epoch) implements Attempt<T> {
	}

	/** The verb did not reach the node. */
	record Unsent<T>() implements Attempt<T> {
	}

	/** The verb was sent, and the node failed before its answer. */
	record Lost<T>() implements Attempt<T> {
	}

	/** Turns the verb's run into its attempt. Errors of other kinds are passed on. */
	static <T> Mono<Attempt<T>> of(Mono<T> run) {
		return run.<Attempt<T>>map(Answered::new)
			.defaultIfEmpty(new Answered<>(null))
			.onErrorResume(ConnectionException.class, (ex) -> Mono.just(new Failed<>(ex.reason())))
			.onErrorResume(ForwardException.class, (ex) -> Mono.just(forwardFailure(ex)));
	}

	private static <T> Attempt<T> forwardFailure(ForwardException failure) {
		return switch (failure.reason()) {
			case NOT_HERE -> new NotHere<>(failure.epoch());
			case UNSENT -> new Unsent<>();
			case LOST -> new Lost<>();
		};
	}

	/** Whether the location was wrong or out of reach, so that a newer one may help. */
	default boolean mayBeElsewhere() {
		return this instanceof NotHere || this instanceof Unsent;
	}

	/** Whether nothing was sent and the agent may connect again in a moment. */
	default boolean mayConnect() {
		return switch (this) {
			case Offline<T> _, NotHere<T> _, Unsent<T> _ -> true;
			case Failed<T> failed -> failed.reason() == ConnectionException.Reason.GONE;
			case Answered<T> _, Lost<T> _ -> false;
		};
	}

	/** Whether the location that led here should not be used again. */
	default boolean disprovesLocation() {
		return mayBeElsewhere() || this instanceof Lost;
	}

	/**
	 * The final result: an agent that the node at its location does not hold is offline.
	 */
	default Attempt<T> orOffline(Instant lastSeen) {
		return (this instanceof NotHere) ? new Offline<>(lastSeen) : this;
	}

}
