package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.directory.TestNode;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.routing.Call;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Calls as callers ask for them, and as nodes record and run them. */
final class TestCalls {

	static final Duration TIME_TO_LIVE = Duration.ofSeconds(10);

	private TestCalls() {
	}

	/** A call that asks for an answer later, or one with a key. */
	static CallRequest request(AgentId agent, @Nullable String key, Payload body) {
		Frame.Call frame = new Frame.Call(TestIds.call(), "m", TIME_TO_LIVE.toMillis(), null, Payload.NULL);
		return new CallRequest(new Call(agent, frame, ChunkReceiver.DROP), "alice", body,
				new CallRequest.Options(key == null, TIME_TO_LIVE, TIME_TO_LIVE, Duration.ZERO, key));
	}

	/** A node's recorder, whose calls are completed at once. */
	static Recorder recorder(TestNode node) {
		return new Recorder((_) -> Mono.just(new Answer.Completed(Payload.NULL)), node.calls,
				new CallFinder(node.calls, (_, _) -> Mono.empty(), new ScriptedForwarder(), node.id),
				new HeldCalls(ByteBudget.unlimited()),
				new KeptOutcomes(ByteBudget.unlimited(), false, TimeSource.SYSTEM));
	}

	/** Runs a recorded call. */
	static Mono<Outcome> outcome(Recorder recorder, CallRequest request) {
		return recorder.start(request)
			.flatMap(RecordedCall::outcome)
			.map(CallOutcome::outcome)
			.onErrorResume(ProblemException.class, (ex) -> Mono.just(ex.outcome()));
	}

	/**
	 * Records a call. On a busy machine it may take too long to get a connection, or to
	 * confirm the call.
	 */
	static Mono<StoredCall> begunPatiently(TestNode node, NewCall call) {
		return node.calls.begin(call).retryWhen(Retry.max(20).filter(DatabaseUnavailableException.class::isInstance));
	}

}
