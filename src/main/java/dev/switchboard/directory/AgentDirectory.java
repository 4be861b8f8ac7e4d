package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Knows which node holds which agent. Claims and releases are stored in batches, in the
 * order in which they were made. While the database is away, they are tried again. A
 * lookup waits for this node's earlier claims and releases, so it sees them. All methods
 * are thread-safe. Nothing happens before subscription. Results may come on threads of
 * the database driver or of a timer, which must not be blocked.
 */
public final class AgentDirectory {

	private final NodeId self;

	private final Database database;

	private final DirectoryMetrics metrics;

	private final FlappingAgents flapping;

	private final List<SupersedeListener> listeners;

	private final List<ChangeListener> changeListeners;

	private final AgentWriter writer;

	private final WriteCoalescer writes;

	private final LookupCoalescer lookups = new LookupCoalescer(this::lookUp);

	private final ClaimWatch watch;

	/**
	 * Makes the directory of this node. Sends nothing to the database.
	 * @param flapping remembers the agents that flap
	 * @param listeners are notified when a claim of this node supersedes a connection of
	 * another node
	 * @param changes records the changes of agents' presence
	 * @param changeListeners are notified of the recorded changes
	 * @param clock corrects provisional epochs
	 */
	AgentDirectory(NodeId self, Database database, DirectorySettings settings, DirectoryMetrics metrics,
			FlappingAgents flapping, List<SupersedeListener> listeners, ChangeSql changes,
			List<ChangeListener> changeListeners, DirectoryClock clock, Chance chance) {
		this.self = self;
		this.database = database;
		this.metrics = metrics;
		this.flapping = flapping;
		this.listeners = List.copyOf(listeners);
		this.changeListeners = List.copyOf(changeListeners);
		this.writer = new AgentWriter(self, clock, changes);
		this.writes = new WriteCoalescer(this::store, settings.maxQueuedClaims(), chance);
		this.watch = new ClaimWatch(self, this::find);
		metrics.queue(this.writes::depth);
	}

	private Mono<Predicate<AgentWrite>> store(List<AgentWrite> batch) {
		this.metrics.batch(batch.size());
		return this.database.write("write", (connection) -> this.writer.store(connection, batch))
			.doOnNext((stored) -> stored.tell(batch))
			.doOnNext((stored) -> announce(stored, batch))
			.map((stored) -> stored::holds);
	}

	private void announce(StoredClaims stored, List<AgentWrite> batch) {
		stored.superseded(this.self)
			.forEach((superseded) -> this.listeners.forEach((listener) -> listener.superseded(superseded)));
		stored.flapping(batch, this.flapping.now()).forEach(this.flapping::remember);
		List<AgentChanges> changes = stored.changes();
		this.changeListeners.forEach((listener) -> listener.changed(changes));
	}

	private Mono<List<AgentRecord>> lookUp(List<AgentId> agents) {
		this.metrics.lookup(agents.size());
		return find(agents);
	}

	private Mono<List<AgentRecord>> find(List<AgentId> agents) {
		return this.database.request("locate", (connection) -> AgentTable.find(connection, agents));
	}

	/**
	 * Stores that a connection of this node holds its agent. The claim takes the place of
	 * any claim with a lower epoch. While the database is away, the claim waits.
	 * Cancelling withdraws it.
	 * @return true if the claim is stored, or if the release of the same connection
	 * replaced the claim in the queue; false if a claim with a higher epoch holds the
	 * agent. While {@link #isCongested}, an error of {@link DatabaseUnavailableException}
	 * at once
	 */
	public Mono<Boolean> claim(Claim claim) {
		return claim(claim, false, (_) -> {
		});
	}

	/**
	 * Claims an agent as {@link #claim(Claim)} does.
	 * @param again whether a claim of the same connection was made before
	 * @param row gets the epoch in the agent's row, before the claim completes: the epoch
	 * of this claim, or of the claim that has won
	 */
	public Mono<Boolean> claim(Claim claim, boolean again, LongConsumer row) {
		return Mono.defer(() -> this.writes.write(AgentWrite.claim(claim, again, row)));
	}

	/**
	 * Looks an agent up as {@link #locate} does, but does not wait until this node's own
	 * claims and releases of the agent are stored.
	 */
	public Mono<AgentRecord> peek(AgentId agent, Duration limit) {
		return Database.within(limit, this.lookups.find(agent));
	}

	/**
	 * Returns a signal that completes when all claims and releases made so far are stored
	 * or withdrawn.
	 */
	public Mono<Void> settled() {
		return Mono.defer(this.writes::settled);
	}

	/**
	 * Returns a signal that completes when the agent's claims and releases made so far
	 * are stored or withdrawn.
	 */
	public Mono<Void> settled(AgentId agent) {
		return Mono.defer(() -> this.writes.settled(agent));
	}

	/** Whether a claim or release of the agent is queued or on its way. */
	public boolean isWriting(AgentId agent) {
		return this.writes.isWriting(agent);
	}

	/**
	 * Stores that a connection has ended, unless a newer connection has claimed the
	 * agent. Even if the connection's claim was never stored, the directory has the agent
	 * afterwards, as offline.
	 * @param claim the claim of the connection
	 * @param lastSeen when the agent was heard last, by {@link DirectoryClock#now}
	 * @param close how the connection ended; null if that is not known
	 * @return completes once the release is stored; there is no limit on the time.
	 * Cancelling withdraws the release
	 */
	public Mono<Void> release(Claim claim, Instant lastSeen, @Nullable LastClose close) {
		return Mono.defer(() -> this.writes.write(AgentWrite.release(claim, lastSeen, close))).then();
	}

	/**
	 * Whether so many claims wait for the database that further claims are refused. A
	 * node in this state should take no more connections.
	 */
	public boolean isCongested() {
		return this.writes.isCongested();
	}

	/**
	 * Whether the directory takes claims, judged by the claims of this node. While it
	 * takes none, an agent may be connected to another node although the directory does
	 * not know the agent, or has it as offline.
	 */
	public boolean takesClaims() {
		return this.database.isWritable();
	}

	/**
	 * Looks an agent up, once this node's earlier claims and releases of it are stored.
	 * Lookups that come while the database is busy share one statement.
	 * @param limit how long the directory may be silent
	 * @return the agent; empty if it was never seen; an error of
	 * {@link DatabaseUnavailableException} if the directory is silent for longer
	 */
	public Mono<AgentRecord> locate(AgentId agent, Duration limit) {
		return Database.within(limit, settled(agent).then(this.lookups.find(agent)));
	}

	/**
	 * Looks agents up as the directory has them now.
	 * @param limit how long the directory may be silent
	 * @return the agents, without those that were never seen; an error of
	 * {@link DatabaseUnavailableException} if the directory is silent for longer
	 */
	public Mono<List<AgentRecord>> findAll(List<AgentId> agents, Duration limit) {
		return agents.isEmpty() ? Mono.just(List.of()) : Database.within(limit, find(agents));
	}

	/**
	 * Waits until another node holds the agent. All awaited agents are looked up
	 * together, four times a second, so many waiters cost few statements.
	 * @return the agent as soon as another node holds it; never empty. While the
	 * directory is away, the wait goes on and does not fail
	 */
	public Mono<AgentRecord> awaitElsewhere(AgentId agent) {
		return this.watch.await(agent);
	}

	/**
	 * Lists a tenant's agents, once this node's earlier claims and releases are stored.
	 * @param online true for agents that are online, false for those that are not, null
	 * for all. Until the claims of a dead node are released, its agents are neither in
	 * the list for true nor in the list for false
	 * @param limit the most agents on the page; a page with fewer need not be the last
	 * @param after the id after which the page begins; null for the first page
	 * @param wait how long the directory may be silent
	 * @return the page; an error of {@link DatabaseUnavailableException} if the directory
	 * is silent for longer
	 */
	public Mono<AgentPage<AgentRecord>> list(String tenant, @Nullable Boolean online, int limit, @Nullable String after,
			Duration wait) {
		Mono<List<AgentRecord>> found = this.database.request("list",
				(connection) -> AgentTable.list(connection, tenant, online, limit + 1, after));
		return Database.within(wait, Mono.defer(this.writes::settled).then(found))
			.map((agents) -> page(agents, online, limit));
	}

	/**
	 * Lists the claims of this node in the directory, in the order of their epochs, once
	 * the node's earlier claims and releases are stored. There is no limit on the time.
	 * @param after the last claim of the previous page; null for the first page
	 * @param before the page has only claims with epochs below this one
	 * @param limit the most claims on the page; a page with fewer is the last
	 * @return the page; an error of {@link DatabaseUnavailableException} if the database
	 * is away
	 */
	public Mono<List<ClaimKey>> claimsOfThisNode(@Nullable ClaimKey after, long before, int limit) {
		Mono<List<ClaimKey>> found = this.database.upkeep("audit",
				(connection) -> AgentTable.claims(connection, this.self, after, before, limit));
		return Mono.defer(this.writes::settled).then(found);
	}

	private static AgentPage<AgentRecord> page(List<AgentRecord> found, @Nullable Boolean online, int limit) {
		AgentPage<AgentRecord> page = AgentPage.of(found, limit, AgentRecord::agent);
		return new AgentPage<>(page.agents().stream().filter((agent) -> agent.isWanted(online)).toList(), page.next());
	}

}
