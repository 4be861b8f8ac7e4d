package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

/**
 * A store of recorded calls that counts the calls that it is asked to record.
 *
 * @param store the store that does the work
 * @param recorded counts the calls that were recorded
 * @param joined counts the calls whose key belonged to an earlier call
 * @param failed counts the calls that the directory did not record
 */
record MeasuredStore(CallStore store, Counter recorded, Counter joined, Counter failed) implements CallStore {

	static CallStore of(CallStore store, MeterRegistry registry) {
		return new MeasuredStore(store, counter(registry, "recorded"), counter(registry, "joined"),
				counter(registry, "failed"));
	}

	private static Counter counter(MeterRegistry registry, String result) {
		return Counter.builder("switchboard.recorded.calls")
			.description(
					"Asynchronous calls and calls with a key: recorded, joined to the earlier call with the key, or"
							+ " not recorded because the directory failed")
			.tag("result", result)
			.register(registry);
	}

	@Override
	public Mono<StoredCall> begin(NewCall call) {
		return this.store.begin(call)
			.doOnNext((record) -> (record.id().equals(call.id()) ? this.recorded : this.joined).increment())
			.doOnError((_) -> this.failed.increment());
	}

	@Override
	public Mono<Boolean> end(CallId id, Payload outcome, Duration keep) {
		return this.store.end(id, outcome, keep);
	}

	@Override
	public Mono<Void> settle(NewCall call, Payload outcome, Duration keep) {
		return this.store.settle(call, outcome, keep);
	}

	@Override
	public Mono<StoredCall> find(String tenant, CallId id, Duration limit) {
		return this.store.find(tenant, id, limit);
	}

}
