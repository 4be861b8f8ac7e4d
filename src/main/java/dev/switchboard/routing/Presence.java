package dev.switchboard.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.database.DirectoryUnavailableException;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.directory.FlappingAgents;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Service;

/**
 * Where agents are: those that this node holds from memory, all others from the
 * directory.
 */
@Service
public final class Presence {

	private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);

	private final ConnectionRegistry registry;

	private final AgentDirectory directory;

	private final DirectoryClock clock;

	private final NodeId self;

	private final FlappingAgents flapping;

	Presence(ConnectionRegistry registry, AgentDirectory directory, DirectoryClock clock, NodeId self,
			FlappingAgents flapping) {
		this.registry = registry;
		this.directory = directory;
		this.clock = clock;
		this.self = self;
		this.flapping = flapping;
	}

	/**
	 * Finds an agent.
	 * @param wait what is left of the caller's wait, of which the directory gets half
	 * @return what is known, or an error of {@link ProblemException}
	 */
	public Mono<AgentPresence> locate(AgentId agent, Duration wait) {
		AgentConnection connection = this.registry.find(agent);
		if (connection != null) {
			return Mono.just(here(connection));
		}
		return this.directory.locate(agent, patience(wait))
			.map(this::seen)
			.switchIfEmpty(Mono
				.error(() -> new ProblemException(Problem.AGENT_UNKNOWN, "The agent was never seen in this tenant")))
			.onErrorMap(DirectoryUnavailableException.class, (_) -> ProblemException.directoryDown());
	}

	/** A page of a tenant's agents, in the order of their ids. */
	public Mono<Page> list(String tenant, @Nullable Boolean online, int limit, @Nullable String after) {
		return this.directory.list(tenant, online, limit, after, LONGEST_SILENCE)
			.map((page) -> new Page(page.agents().stream().map(this::seen).toList(), page.next()))
			.onErrorMap(DirectoryUnavailableException.class, (_) -> ProblemException.directoryDown());
	}

	/**
	 * Some agents of a tenant.
	 *
	 * @param agents the agents
	 * @param next the id after which the next page begins; null on the last page
	 */
	public record Page(List<AgentPresence> agents, @Nullable String next) {
	}

	private Instant now() {
		return this.clock.now();
	}

	private AgentPresence here(AgentConnection connection) {
		return new AgentPresence(connection.agent(), this.self, connection.id(), connection.epoch(),
				connection.connectedAt(), now().minusNanos(connection.quietNanos()), connection.remoteAddress(),
				this.flapping.contains(connection.agent()));
	}

	// The release of an agent that has just left may still be on its way to the
	// directory.
	private AgentPresence seen(AgentRecord agent) {
		NodeId node = (agent.node() != null) ? agent.node().id() : null;
		boolean left = this.self.equals(node) && this.registry.find(agent.agent()) == null;
		return new AgentPresence(agent.agent(), left ? null : node, agent.connection(), agent.epoch(),
				agent.connectedAt(), agent.lastSeen(), agent.remoteAddress(), agent.supersessions().isFlapping(now()));
	}

	public static Duration patience(Duration wait) {
		Duration half = wait.dividedBy(2);
		return (half.compareTo(LONGEST_SILENCE) < 0) ? half : LONGEST_SILENCE;
	}

}
