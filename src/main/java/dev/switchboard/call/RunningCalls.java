package dev.switchboard.call;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * The recorded calls that this node runs, until their end is stored in the directory.
 * Thread-safe.
 */
@Component
public final class RunningCalls {

	private final Map<CallId, RunningCall> running = new ConcurrentHashMap<>();

	/**
	 * Waits for the end of a call.
	 * @return the call's resource; empty if this node does not run it
	 */
	public Mono<Payload> outcome(CallId id) {
		return Mono.justOrEmpty(this.running.get(id)).flatMap(RunningCall::outcome).map(CallOutcome::resource);
	}

	/**
	 * Cancels a call unless it has ended.
	 * @return the call's resource as it then stands; empty if this node does not run it
	 */
	public Mono<Payload> cancel(CallId id) {
		return Mono.justOrEmpty(this.running.get(id)).flatMap(RunningCall::cancel).map(CallOutcome::resource);
	}

	@Nullable RunningCall find(CallId id) {
		return this.running.get(id);
	}

	void add(RunningCall call) {
		this.running.put(call.id(), call);
	}

	void remove(RunningCall call) {
		this.running.remove(call.id(), call);
	}

}
