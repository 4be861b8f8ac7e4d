package dev.switchboard.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A store whose answers a test gives. */
final class ScriptedStore implements CallStore {

	static final NodeId SELF = TestIds.node();

	/** The requests, in order. */
	final List<String> asked = new ArrayList<>();

	/** The results of {@link #find}, in order. */
	final Map<CallId, List<StoredCall>> found = new HashMap<>();

	Sinks.One<StoredCall> begin = Sinks.one();

	Sinks.One<Boolean> end = Sinks.one();

	Sinks.One<Boolean> settle = Sinks.one();

	Mono<StoredCall> otherwise = Mono.empty();

	@Override
	public Mono<StoredCall> begin(NewCall call) {
		return on("begin", this.begin.asMono());
	}

	@Override
	public Mono<Boolean> end(CallId id, Payload outcome, Duration keep) {
		return on("end " + name(outcome) + " for " + keep, this.end.asMono());
	}

	@Override
	public Mono<Void> settle(NewCall call, Payload outcome, Duration keep) {
		return on("settle " + name(outcome) + " for " + keep, this.settle.asMono()).then();
	}

	private static String name(Payload outcome) {
		return outcome.text().replaceFirst(".*\"outcome\":\"(\\w+)\".*", "$1");
	}

	@Override
	public Mono<StoredCall> find(String tenant, CallId id, Duration limit) {
		return Mono.defer(() -> {
			List<StoredCall> records = this.found.getOrDefault(id, new ArrayList<>());
			return (records.isEmpty() || !records.getFirst().agent().tenant().equals(tenant)) ? this.otherwise
					: Mono.just((records.size() > 1) ? records.removeFirst() : records.getFirst());
		});
	}

	private <T> Mono<T> on(String question, Mono<T> answer) {
		return answer.doOnSubscribe((_) -> this.asked.add(question));
	}

	/** The record of a call of a node, as it stands while the call has not ended. */
	static StoredCall pending(NewCall call, NodeId node) {
		return new StoredCall(call.id(), call.agent(), call.caller(), call.key(), call.bodyHash(), node, false, null,
				Instant.EPOCH, Instant.EPOCH);
	}

	static StoredCall ended(StoredCall call, CallOutcome outcome) {
		return new StoredCall(call.id(), call.agent(), call.caller(), call.key(), call.bodyHash(), call.node(), false,
				outcome.resource(), Instant.EPOCH, Instant.EPOCH);
	}

	static StoredCall gone(StoredCall call) {
		return new StoredCall(call.id(), call.agent(), call.caller(), call.key(), call.bodyHash(), call.node(), true,
				call.outcome(), Instant.EPOCH, Instant.EPOCH);
	}

}
