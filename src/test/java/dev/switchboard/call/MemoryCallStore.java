package dev.switchboard.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import reactor.core.publisher.Mono;

/** A store of one node that always answers. */
final class MemoryCallStore implements CallStore {

	private final Map<CallId, StoredCall> calls = new ConcurrentHashMap<>();

	private final NodeId self;

	MemoryCallStore(NodeId self) {
		this.self = self;
	}

	@Override
	public Mono<StoredCall> begin(NewCall call) {
		return Mono.fromSupplier(() -> this.calls.values()
			.stream()
			.filter((stored) -> call.key() != null && call.key().equals(stored.key()))
			.findFirst()
			.orElseGet(() -> store(ScriptedStore.pending(call, this.self))));
	}

	@Override
	public Mono<Boolean> end(CallId id, Payload outcome, Duration keep) {
		return Mono.fromSupplier(() -> this.calls.computeIfPresent(id,
				(_, call) -> new StoredCall(id, call.agent(), call.caller(), call.key(), call.bodyHash(), call.node(),
						false, outcome, Instant.EPOCH, Instant.EPOCH)) != null);
	}

	@Override
	public Mono<Void> settle(NewCall call, Payload outcome, Duration keep) {
		return Mono.fromRunnable(() -> this.calls.put(call.id(), new StoredCall(call.id(), call.agent(), call.caller(),
				null, call.bodyHash(), this.self, false, outcome, Instant.EPOCH, Instant.EPOCH)));
	}

	@Override
	public Mono<StoredCall> find(String tenant, CallId id, Duration limit) {
		return Mono.justOrEmpty(this.calls.get(id)).filter((call) -> call.agent().tenant().equals(tenant));
	}

	private StoredCall store(StoredCall call) {
		this.calls.put(call.id(), call);
		return call;
	}

}
