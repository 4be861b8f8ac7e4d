package dev.switchboard.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.AgentPage;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.directory.LastClose;
import dev.switchboard.label.AgentDescription;
import dev.switchboard.label.Descriptions;
import dev.switchboard.label.Selector;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Shows whether and where agents are connected. {@link #locate} reads an agent of this
 * node from memory, unless the node is not sure any more that it holds the agent. It
 * reads all other agents from the directory, as {@link #list} always does. Thread-safe.
 */
public final class Presence {

	/**
	 * How long an agent that this node knows waits for its earlier description. It is
	 * short, because the rest of the answer is in memory.
	 */
	private static final Duration SHORT_WAIT = Duration.ofMillis(100);

	private final ConnectionRegistry registry;

	private final BiFunction<AgentId, Duration, Mono<AgentRecord>> find;

	private final Listing listing;

	private final Describing describing;

	private final NodeId self;

	private final Predicate<AgentId> flapping;

	private final Supplier<Instant> directoryTime;

	private final Absence absence;

	/** Lists agents that a selector selects. */
	@FunctionalInterface
	interface Listing {

		/** Lists agents, as {@link AgentDirectory#list} does. */
		Mono<AgentPage<AgentRecord>> list(String tenant, Selector selector, @Nullable Boolean online, int limit,
				@Nullable String after, Duration wait);

	}

	/** Finds the directory's descriptions of agents. */
	@FunctionalInterface
	interface Describing {

		/** Finds descriptions, as {@link Descriptions#find} does. */
		Mono<Map<AgentId, AgentDescription>> find(List<AgentId> agents, Duration wait);

	}

	/**
	 * @param find looks an agent up; the duration is how long the directory may be silent
	 * @param describing finds the descriptions of agents
	 * @param flapping whether an agent of this node flaps
	 * @param directoryTime the directory's clock
	 * @param absence makes the problem for an agent that the directory does not know
	 */
	Presence(ConnectionRegistry registry, BiFunction<AgentId, Duration, Mono<AgentRecord>> find, Listing listing,
			Describing describing, NodeId self, Predicate<AgentId> flapping, Supplier<Instant> directoryTime,
			Absence absence) {
		this.registry = registry;
		this.find = find;
		this.listing = listing;
		this.describing = describing;
		this.self = self;
		this.flapping = flapping;
		this.directoryTime = directoryTime;
		this.absence = absence;
	}

	/**
	 * Finds an agent.
	 * @param wait the rest of the caller's wait, of which the directory gets at most half
	 * @return the agent's presence; an error of {@link ProblemException} if it cannot be
	 * found
	 */
	public Mono<AgentPresence> locate(AgentId agent, Duration wait) {
		AgentConnection connection = this.registry.find(agent);
		if (connection != null && connection.isSure()) {
			return describedHere(connection);
		}
		Mono<AgentPresence> found = this.find.apply(agent, DirectoryQueries.patience(wait))
			.flatMap((record) -> described(List.of(recorded(record)), DirectoryQueries.patience(wait)))
			.map(List::getFirst)
			.switchIfEmpty(Mono.error(this.absence::unknown))
			.onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown());
		return (connection != null) ? found.onErrorReturn(ofThisNode(connection)) : found;
	}

	/**
	 * Returns an agent of this node. If the agent has not described itself on this
	 * connection, an earlier description counts, which is read from the directory once.
	 */
	private Mono<AgentPresence> describedHere(AgentConnection connection) {
		if (connection.description() != null) {
			return Mono.just(ofThisNode(connection));
		}
		return described(List.of(ofThisNode(connection)), SHORT_WAIT).map(List::getFirst)
			.doOnNext((found) -> connection.onLoop(() -> remember(connection, found.description())))
			.onErrorResume(DatabaseUnavailableException.class, (_) -> Mono.just(ofThisNode(connection)));
	}

	/** Keeps an earlier description, unless the agent has sent one meanwhile. */
	private static void remember(AgentConnection connection, AgentDescription earlier) {
		if (connection.description() == null) {
			connection.describe(earlier);
		}
	}

	private Mono<List<AgentPresence>> described(List<AgentPresence> agents, Duration wait) {
		return this.describing.find(agents.stream().map((agent) -> agent.claim().agent()).toList(), wait)
			.map((found) -> agents.stream()
				.map((agent) -> agent.describedAs(found.getOrDefault(agent.claim().agent(), AgentDescription.NONE)))
				.toList());
	}

	/**
	 * Lists a tenant's agents that a selector selects.
	 * @param online true for agents that are online, false for those that are not, null
	 * for all
	 * @param limit the most agents on the page
	 * @param after the id after which the page begins; null for the first page
	 * @return the page; an error of {@link ProblemException} if the directory is down
	 */
	public Mono<AgentPage<AgentPresence>> list(String tenant, Selector selector, @Nullable Boolean online, int limit,
			@Nullable String after) {
		Duration wait = DirectoryQueries.LONGEST_SILENCE;
		return this.listing.list(tenant, selector, online, limit, after, wait)
			.flatMap((page) -> described(page.agents().stream().map(this::recorded).toList(), wait)
				.map((agents) -> new AgentPage<>(agents, page.next())))
			.onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown());
	}

	private AgentPresence ofThisNode(AgentConnection connection) {
		AgentDescription description = connection.description();
		return new AgentPresence(connection.claim(), this.self,
				this.directoryTime.get().minusNanos(connection.quietNanos()), this.flapping.test(connection.agent()),
				null, (description != null) ? description : AgentDescription.NONE);
	}

	private AgentPresence recorded(AgentRecord agent) {
		NodeId holder = holder(agent);
		return new AgentPresence(agent.claim(), holder, agent.lastSeen(),
				agent.streak().isFlapping(this.directoryTime.get()), (holder == null) ? closeOfLatest(agent) : null,
				AgentDescription.NONE);
	}

	/**
	 * Returns how the agent's latest connection ended; null if that is not known. If the
	 * node of that connection died, the directory still has the end of an earlier
	 * connection, which is not returned.
	 */
	private static @Nullable LastClose closeOfLatest(AgentRecord agent) {
		LastClose close = agent.lastClose();
		return (close != null && !close.at().isBefore(agent.claim().connectedAt())) ? close : null;
	}

	/**
	 * Returns the node that holds an agent according to the directory. If the directory
	 * names this node, but the agent has just left it, no node holds the agent.
	 */
	private @Nullable NodeId holder(AgentRecord agent) {
		NodeId node = (agent.node() != null) ? agent.node().id() : null;
		return (this.self.equals(node) && this.registry.find(agent.agent()) == null) ? null : node;
	}

}
