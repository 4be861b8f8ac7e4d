package dev.switchboard.connection;

import java.time.Duration;
import java.time.Instant;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.Claim;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.RegistrationListener;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.stereotype.Component;

/**
 * Has the directory say which agents are connected to this node. A connection whose claim
 * loses to a newer one is closed. Thread-safe.
 */
@Component
public final class ClaimKeeper implements RegistrationListener {

	private static final Logger LOG = LoggerFactory.getLogger(ClaimKeeper.class);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final ConnectionRegistry registry;

	private final AgentDirectory directory;

	private final DirectoryClock clock;

	ClaimKeeper(ConnectionRegistry registry, AgentDirectory directory, DirectoryClock clock) {
		this.registry = registry;
		this.directory = directory;
		this.clock = clock;
	}

	/**
	 * Claims the agent, however long that takes; again if need be. A claim whose
	 * connection ends meanwhile is not cancelled but followed by its release.
	 */
	public void claim(AgentConnection connection) {
		this.directory.claim(connection.claim())
			.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1))
				.maxBackoff(Duration.ofSeconds(30))
				.filter((_) -> !connection.isClosing()))
			.filter((claimed) -> !claimed)
			.subscribe((_) -> connection.close(DisconnectReason.SUPERSEDED),
					(_) -> LOG.debug("{} left unclaimed", connection.agent()));
	}

	/** The directory has released all claims of this node. */
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
	 * Releases what the directory says of an agent, if it still says that this node holds
	 * it, which is not so.
	 * @return whether it was so
	 */
	Mono<Boolean> releaseStale(AgentId agent, long epoch) {
		return this.directory.locate(agent, PATIENCE)
			.filter((found) -> found.epoch() == epoch && found.online() && !this.registry.isHeld(agent))
			.flatMap((found) -> this.directory
				.release(new Claim(agent, found.connection(), epoch, found.connectedAt(), found.remoteAddress()),
						this.clock.now())
				.thenReturn(true))
			.defaultIfEmpty(false);
	}

}
