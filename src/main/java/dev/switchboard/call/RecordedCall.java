package dev.switchboard.call;

import java.util.Optional;

import dev.switchboard.protocol.CallId;
import reactor.core.publisher.Mono;

/** A call that outlives its request, wherever it runs or ran. Thread-safe. */
public sealed interface RecordedCall permits RunningCall, RemoteCall {

	CallId id();

	/** How it ended, if that is known here. */
	Optional<CallOutcome> ended();

	/** How it ended, as soon as it has; never empty. */
	Mono<CallOutcome> outcome();

	/**
	 * Cancels it unless it has ended; the agent is told.
	 * @return how it stands then
	 */
	Mono<CallOutcome> cancel();

}
