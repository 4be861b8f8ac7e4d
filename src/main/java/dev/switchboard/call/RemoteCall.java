package dev.switchboard.call;

import java.util.Optional;

import dev.switchboard.protocol.CallId;
import reactor.core.publisher.Mono;

/**
 * A call that another node runs.
 *
 * @param id the call
 * @param outcome asks that node for how it ends
 * @param cancel has that node cancel it
 */
record RemoteCall(CallId id, Mono<CallOutcome> outcome, Mono<CallOutcome> cancel) implements RecordedCall {

	@Override
	public Optional<CallOutcome> ended() {
		return Optional.empty();
	}

}
