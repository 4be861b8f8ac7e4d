package dev.switchboard.directory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Waits for agents that other nodes may come to hold. As long as there are waiters, all
 * their agents are looked up together, a few times a second. Thread-safe.
 */
final class ClaimWatch {

	static final Duration PERIOD = Duration.ofMillis(250);

	private final NodeId self;

	private final Function<List<AgentId>, Mono<List<AgentRecord>>> read;

	private final Map<AgentId, Watch> watches = new HashMap<>();

	private boolean looking;

	private static final class Watch {

		private final Sinks.One<AgentRecord> claimed = Sinks.one();

		private int waiting;

	}

	/**
	 * Describes the watch, and reads nothing.
	 * @param read reads some agents' rows; agents that were never seen have none
	 */
	ClaimWatch(NodeId self, Function<List<AgentId>, Mono<List<AgentRecord>>> read) {
		this.self = self;
		this.read = read;
	}

	/** Completes with the agent's record once another node holds it; never fails. */
	Mono<AgentRecord> await(AgentId agent) {
		return Mono.defer(() -> {
			Watch watch = join(agent);
			return watch.claimed.asMono().doFinally((signal) -> leave(agent, watch));
		});
	}

	private synchronized Watch join(AgentId agent) {
		Watch watch = this.watches.computeIfAbsent(agent, (id) -> new Watch());
		watch.waiting++;
		if (!this.looking) {
			this.looking = true;
			lookLater();
		}
		return watch;
	}

	private synchronized void leave(AgentId agent, Watch watch) {
		if (--watch.waiting == 0) {
			this.watches.remove(agent, watch);
		}
	}

	private void lookLater() {
		Mono.delay(PERIOD).then(Mono.defer(this::look)).onErrorComplete().doFinally((signal) -> again()).subscribe();
	}

	private void again() {
		synchronized (this) {
			this.looking = !this.watches.isEmpty();
			if (!this.looking) {
				return;
			}
		}
		lookLater();
	}

	private Mono<Void> look() {
		return Flux.fromIterable(watched())
			.buffer(LookupCoalescer.MAX_BATCH)
			.concatMap(this.read)
			.doOnNext((found) -> found.forEach(this::announce))
			.then();
	}

	private synchronized List<AgentId> watched() {
		return new ArrayList<>(this.watches.keySet());
	}

	private void announce(AgentRecord agent) {
		if (agent.node() != null && !agent.node().id().equals(this.self)) {
			Watch watch;
			synchronized (this) {
				watch = this.watches.get(agent.agent());
			}
			if (watch != null) {
				watch.claimed.tryEmitValue(agent);
			}
		}
	}

}
