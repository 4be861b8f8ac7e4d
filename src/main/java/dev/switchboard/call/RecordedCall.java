package dev.switchboard.call;

import java.util.Optional;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import reactor.core.publisher.Mono;

/**
 * A call that outlives its request. It runs on this node, runs on another node, or has
 * ended. Thread-safe.
 */
public sealed interface RecordedCall permits RunningCall, RecordedCall.Elsewhere, RecordedCall.Ended {

	CallId id();

	/** Returns the outcome, if this node knows it. */
	Optional<CallOutcome> ended();

	/**
	 * Returns the outcome as soon as the call has ended; never empty, and not an error.
	 */
	Mono<CallOutcome> outcome();

	/**
	 * Cancels the call unless it has ended. If the call was sent to its agent, the agent
	 * gets a {@code cancel}.
	 * @return the outcome: the cancellation or, if the call had ended before, how it
	 * ended
	 */
	Mono<CallOutcome> cancel();

	/** Returns the call's resource as this node knows it at this moment. */
	default Payload resource() {
		return ended().map(CallOutcome::resource).orElseGet(() -> CallOutcome.pending(id()));
	}

	/**
	 * A call that another node runs.
	 *
	 * @param id the call
	 * @param outcome waits until the other node has the outcome
	 * @param cancel cancels the call at the other node
	 */
	record Elsewhere(CallId id, Mono<CallOutcome> outcome, Mono<CallOutcome> cancel) implements RecordedCall {

		@Override
		public Optional<CallOutcome> ended() {
			return Optional.empty();
		}

	}

	/**
	 * A call that has ended.
	 *
	 * @param id the call
	 * @param result the call's outcome
	 */
	record Ended(CallId id, CallOutcome result) implements RecordedCall {

		@Override
		public Optional<CallOutcome> ended() {
			return Optional.of(this.result);
		}

		@Override
		public Mono<CallOutcome> outcome() {
			return Mono.just(this.result);
		}

		@Override
		public Mono<CallOutcome> cancel() {
			return outcome();
		}

	}

}
