package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.database.Sql;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.Membership;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Which node holds which agent. Claims and releases are stored in batches, in order, and
 * tried again while the database is away; reads see this node's own writes. All methods
 * are thread-safe and nothing happens before subscription; signals come on the
 * directory's threads.
 */
public final class AgentDirectory implements SmartLifecycle {

	private static final Duration FLUSH_LIMIT = Duration.ofSeconds(3);

	private final NodeId self;

	private final Database database;

	private final DirectoryMetrics metrics;

	private final FlappingAgents flapping;

	private final List<SupersedeListener> listeners;

	private final AgentWriter writer;

	private final WriteCoalescer writes;

	private final LookupCoalescer lookups = new LookupCoalescer(this::lookUp);

	private final ClaimWatch watch;

	private volatile boolean running;

	/**
	 * Describes the directory as this node uses it.
	 * @param flapping remembers agents that connect from two hosts by turns
	 * @param listeners learn which connections of other nodes are superseded
	 */
	AgentDirectory(NodeId self, Database database, DirectorySettings settings, DirectoryMetrics metrics,
			FlappingAgents flapping, List<SupersedeListener> listeners, Chance chance) {
		this.self = self;
		this.database = database;
		this.metrics = metrics;
		this.flapping = flapping;
		this.listeners = List.copyOf(listeners);
		this.writer = new AgentWriter(self);
		this.writes = new WriteCoalescer(this::store, settings.maxQueuedClaims(), chance);
		this.watch = new ClaimWatch(self, this::find);
		metrics.queue(this.writes::depth);
	}

	private Mono<Predicate<AgentWrite>> store(List<AgentWrite> batch) {
		this.metrics.batch(batch.size());
		return this.database.upkeep("write", (connection) -> this.writer.store(connection, batch))
			.doOnNext((stored) -> announce(stored, batch))
			.map((stored) -> stored::holds);
	}

	private void announce(StoredClaims stored, List<AgentWrite> batch) {
		stored.superseded(this.self)
			.forEach((superseded) -> this.listeners.forEach((listener) -> listener.superseded(superseded)));
		stored.flapping(batch).forEach(this.flapping::add);
	}

	private Mono<List<AgentRecord>> lookUp(List<AgentId> agents) {
		this.metrics.lookup(agents.size());
		return find(agents);
	}

	private Mono<List<AgentRecord>> find(List<AgentId> agents) {
		return this.database.request("locate", (connection) -> AgentTable.find(connection, agents));
	}

	/**
	 * Stores that a connection of this node holds its agent, over any lower epoch.
	 * @return true if the claim is stored, was stored before, or is replaced by its own
	 * release in the queue; false if a higher epoch holds the agent. It waits while the
	 * database is away; cancelling withdraws the claim. It fails with
	 * {@link DatabaseUnavailableException} at once if {@link #isCongested}
	 */
	public Mono<Boolean> claim(Claim claim) {
		return Mono.defer(() -> this.writes.write(AgentWrite.claim(claim)));
	}

	/**
	 * Stores that the connection has ended, unless a newer one has claimed the agent. The
	 * claim need not have been stored before: afterwards the directory has the agent, as
	 * offline.
	 * @param claim what the connection claimed
	 * @param lastSeen when it ended, by {@link DirectoryClock#now}
	 * @return completes once it is stored, without a limit on the time; cancelling
	 * withdraws the release
	 */
	public Mono<Void> release(Claim claim, Instant lastSeen) {
		return Mono.defer(() -> this.writes.write(AgentWrite.release(claim, lastSeen))).then();
	}

	/**
	 * Whether so many claims wait for the database that no more are taken: a node that
	 * cannot store its claims should not take more connections.
	 */
	public boolean isCongested() {
		return this.writes.isCongested();
	}

	/**
	 * Looks an agent up, after this node's own writes about it. Lookups that come while
	 * the database is busy are read together.
	 * @param limit how long the directory may be silent
	 * @return the agent; empty if it was never seen; or
	 * {@link DatabaseUnavailableException}
	 */
	public Mono<AgentRecord> locate(AgentId agent, Duration limit) {
		return Database.within(limit, Mono.defer(() -> this.writes.settled(agent)).then(this.lookups.find(agent)));
	}

	/**
	 * Waits until another node holds the agent. All agents that are waited for are looked
	 * up together, a few times a second, so the cost does not grow with the waiters.
	 * @return the agent then; it never completes empty, nor fails while the directory is
	 * away
	 */
	public Mono<AgentRecord> awaitElsewhere(AgentId agent) {
		return this.watch.await(agent);
	}

	/**
	 * Lists a tenant's agents, after this node's own writes.
	 * @param online true for agents that are online, false for those that are not, null
	 * for all. An agent of a dead node is in neither list until its claim is released, a
	 * moment later
	 * @param limit the most agents on the page; a page with fewer need not be the last
	 * @param after the id after which the page begins; null for the first
	 * @param wait how long the directory may be silent
	 * @return the page, or {@link DatabaseUnavailableException}
	 */
	public Mono<AgentPage<AgentRecord>> list(String tenant, @Nullable Boolean online, int limit, @Nullable String after,
			Duration wait) {
		Mono<List<AgentRecord>> found = this.database.request("list",
				(connection) -> AgentTable.list(connection, tenant, online, limit + 1, after));
		return Database.within(wait, Mono.defer(this.writes::settled).then(found))
			.map((agents) -> page(agents, online, limit));
	}

	/**
	 * The claims of this node in the directory, after the node's own writes, by epoch.
	 * @param after the last of the page before; null for the first page
	 * @param before claims of connections that were made later are left out
	 * @param limit the most claims on the page; a page with fewer is the last
	 * @return the page, without a limit on the time, or
	 * {@link DatabaseUnavailableException}
	 */
	public Mono<List<ClaimKey>> claimsOfThisNode(@Nullable ClaimKey after, Instant before, int limit) {
		Mono<List<ClaimKey>> found = this.database.upkeep("audit",
				(connection) -> AgentTable.claims(connection, this.self, after, Sql.micros(before), limit));
		return Mono.defer(this.writes::settled).then(found);
	}

	private static AgentPage<AgentRecord> page(List<AgentRecord> found, @Nullable Boolean online, int limit) {
		List<AgentRecord> agents = found.subList(0, Math.min(found.size(), limit));
		String next = (found.size() > limit) ? agents.getLast().agent().agent() : null;
		return new AgentPage<>(agents.stream().filter((agent) -> online == null || online == agent.online()).toList(),
				next);
	}

	@Override
	public void start() {
		this.running = true;
	}

	/** Waits a while for the queued writes. */
	@Override
	public void stop(Runnable callback) {
		this.running = false;
		Database.within(FLUSH_LIMIT, this.writes.settled())
			.onErrorComplete()
			.doFinally((_) -> callback.run())
			.subscribe();
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** Stops after the rooms that hold connections, and before the node leaves. */
	@Override
	public int getPhase() {
		return Membership.PHASE + 1;
	}

}
