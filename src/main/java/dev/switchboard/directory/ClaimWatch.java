package dev.switchboard.directory;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Waits until other nodes hold certain agents. While there are waiters, all their agents
 * are looked up together, once in each {@link #PERIOD}. Thread-safe.
 */
final class ClaimWatch {

	static final Duration PERIOD = Duration.ofMillis(250);

	private final NodeId self;

	private final Function<List<AgentId>, Mono<List<AgentRecord>>> read;

	private final AgentWaiters<AgentRecord> waiters = new AgentWaiters<>();

	private boolean looking;

	/**
	 * Makes a watch without waiters, which reads nothing.
	 * @param read looks agents up; its result lacks those that were never seen
	 */
	ClaimWatch(NodeId self, Function<List<AgentId>, Mono<List<AgentRecord>>> read) {
		this.self = self;
		this.read = read;
	}

	/** Completes with the agent's record once another node holds it; never fails. */
	Mono<AgentRecord> await(AgentId agent) {
		return this.waiters.await(agent).doOnSubscribe((_) -> start());
	}

	private void start() {
		synchronized (this) {
			if (this.looking) {
				return;
			}
			this.looking = true;
		}
		lookLater();
	}

	private void lookLater() {
		Mono.delay(PERIOD).then(Mono.defer(this::look)).onErrorComplete().doFinally((_) -> again()).subscribe();
	}

	private void again() {
		synchronized (this) {
			this.looking = !this.waiters.agents().isEmpty();
			if (!this.looking) {
				return;
			}
		}
		lookLater();
	}

	private Mono<Void> look() {
		return Flux.fromIterable(this.waiters.agents())
			.buffer(LookupCoalescer.MAX_BATCH)
			.concatMap(this.read)
			.doOnNext((found) -> found.forEach(this::announce))
			.then();
	}

	private void announce(AgentRecord agent) {
		if (agent.node() != null && !agent.node().id().equals(this.self)) {
			this.waiters.announce(agent.agent(), agent);
		}
	}

}
