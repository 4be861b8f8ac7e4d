package dev.switchboard.routing;

import java.time.Instant;

import dev.switchboard.connection.ConnectionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * How running a verb in one place ended. Immutable.
 *
 * @param <T> the verb's result
 */
sealed interface Attempt<T> {

	/** The verb has run. The value is null for a verb without a result. */
	record Answered<T>(@Nullable T value) implements Attempt<T> {
	}

	/** The verb failed on the agent's connection. */
	record Failed<T>(ConnectionException failure) implements Attempt<T> {

		/** Whether the connection was closing already. Then a newer one may exist. */
		boolean isClosing() {
			return this.failure.reason() == ConnectionException.Reason.CLOSING;
		}

	}

	/** No node holds the agent. */
	record Offline<T>(Instant lastSeen) implements Attempt<T> {
	}

	/**
	 * The node that was asked does not hold the agent.
	 *
	 * @param epoch the epoch of the agent's connection that is closing on that node; 0 if
	 * there is none
	 */
	record NotHere<T>(long epoch) implements Attempt<T> {
	}

	/**
	 * The verb certainly did not reach the node, or the node refused the verb without
	 * reading it.
	 */
	record Unsent<T>() implements Attempt<T> {
	}

	/**
	 * The verb was sent to another node, but that node, or the way to it, failed before
	 * the answer.
	 */
	record Lost<T>() implements Attempt<T> {
	}

	/**
	 * Turns the result of running a verb into an attempt. Only a
	 * {@link ConnectionException} and a {@link ForwardException} become attempts; other
	 * errors stay errors.
	 */
	static <T> Mono<Attempt<T>> of(Mono<T> run) {
		return run.<Attempt<T>>map(Answered::new)
			.defaultIfEmpty(new Answered<>(null))
			.onErrorResume(ConnectionException.class, (ex) -> Mono.just(new Failed<>(ex)))
			.onErrorResume(ForwardException.class, (ex) -> Mono.just(forwardFailure(ex)));
	}

	private static <T> Attempt<T> forwardFailure(ForwardException failure) {
		return switch (failure.reason()) {
			case NOT_HERE -> new NotHere<>(failure.epoch());
			case UNSENT, REFUSED, NOT_UNDERSTOOD -> new Unsent<>();
			case LOST -> new Lost<>();
		};
	}

	/**
	 * Whether the node of the location does not hold the agent or could not be reached.
	 * Then a newer location may help.
	 */
	default boolean mayBeElsewhere() {
		return this instanceof NotHere || this instanceof Unsent;
	}

	/** Whether the verb was not sent and may be sent when the agent connects again. */
	default boolean mayConnect() {
		return switch (this) {
			case Offline<T> _, NotHere<T> _, Unsent<T> _ -> true;
			case Failed<T> failed -> failed.isClosing() || failed.failure().reason() == ConnectionException.Reason.GONE;
			case Answered<T> _, Lost<T> _ -> false;
		};
	}

	/** Whether the location at which the verb was tried should not be used again. */
	default boolean disprovesLocation() {
		return mayBeElsewhere() || this instanceof Lost;
	}

	/**
	 * Returns the final attempt of a verb. If the node at the newest location does not
	 * hold the agent, that is {@link Offline}, otherwise this attempt.
	 */
	default Attempt<T> orOffline(Instant lastSeen) {
		return (this instanceof NotHere) ? new Offline<>(lastSeen) : this;
	}

}
