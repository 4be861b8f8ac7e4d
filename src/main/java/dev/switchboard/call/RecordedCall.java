package dev.switchboard.call;

import java.util.Optional;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import reactor.core.publisher.Mono;

/**
 * A call that outlives its request: one that this node runs, one that runs on another
 * node, or one that has ended. Thread-safe.
 */
public sealed interface RecordedCall permits RunningCall, RecordedCall.Elsewhere, RecordedCall.Ended {

	CallId id();

	/** The outcome, if this node knows it. */
	Optional<CallOutcome> ended();

	/** The outcome as soon as the call has ended; never empty, and not an error. */
	Mono<CallOutcome> outcome();

	/**
	 * Cancels the call unless it has ended. The agent that has it gets a {@code cancel}.
	 * @return the outcome, which is not the cancellation if the call had ended
	 */
	Mono<CallOutcome> cancel();

	/**
	 * The call's resource at this moment: that of its outcome, or that of a pending call.
	 */
	default Payload resource() {
		return ended().map(CallOutcome::resource).orElseGet(() -> CallOutcome.pending(id()));
	}

	/**
	 * A call that another node runs.
	 *
	 * @param id the call
	 * @param outcome waits at that node for the outcome
	 * @param cancel cancels the call at that node
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
	 * @param result its outcome
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
