package dev.switchboard.connection;

import java.time.Duration;
import java.time.Instant;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.RegistrationListener;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Keeps the directory's claims in step with the connections of this node. A connection
 * whose claim loses to a newer one is superseded. Thread-safe.
 */
final class ClaimKeeper implements RegistrationListener {

	private static final Logger logger = LoggerFactory.getLogger(ClaimKeeper.class);

	private static final Duration LOCATE_LIMIT = Duration.ofSeconds(5);

	private final ConnectionRegistry registry;

	private final AgentDirectory directory;

	private final DirectoryClock clock;

	private final Backoff backoff;

	ClaimKeeper(ConnectionRegistry registry, AgentDirectory directory, DirectoryClock clock, Chance chance) {
		this.registry = registry;
		this.directory = directory;
		this.clock = clock;
		this.backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), chance);
	}

	/**
	 * Claims the connection's agent, and tries again for as long as the connection takes
	 * calls. If the connection ends meanwhile, the claim is not cancelled; it is stored,
	 * and then released.
	 */
	public void claim(AgentConnection connection) {
		Retry whileItAccepts = this.backoff.whileFailing((_) -> connection.accepts());
		this.directory.claim(connection.claim())
			.retryWhen(whileItAccepts)
			.filter((claimed) -> !claimed)
			.subscribe((_) -> connection.superseded(),
					(failure) -> logger.debug("{} left unclaimed: {}", connection.agent(), failure.toString()));
	}

	/** Claims every agent again, since the directory has released this node's claims. */
	@Override
	public void registeredAnew() {
		this.registry.forEach(this::claim);
	}

	/** Releases the claim of a connection that has ended. */
	public void release(AgentConnection connection) {
		Instant lastSeen = this.clock.now().minusNanos(connection.quietNanos());
		this.directory.release(connection.claim(), lastSeen).subscribe();
	}

	/**
	 * Releases a claim of this node whose connection is gone. Does nothing if the
	 * directory does not have the claim any more, or if the agent has a connection here
	 * again.
	 * @param epoch the epoch of the connection that is gone
	 * @return whether there was a claim to release
	 */
	Mono<Boolean> releaseStale(AgentId agent, long epoch) {
		return this.directory.locate(agent, LOCATE_LIMIT)
			.filter((found) -> found.epoch() == epoch && found.online() && !this.registry.isHeld(agent))
			.flatMap((found) -> this.directory.release(found.claim(), this.clock.now()).thenReturn(true))
			.defaultIfEmpty(false);
	}

}
