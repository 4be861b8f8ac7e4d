package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.switchboard.database.Database;
import dev.switchboard.database.DirectoryMeters;
import dev.switchboard.database.DirectoryUnavailableException;
import dev.switchboard.database.Sql;
import dev.switchboard.database.StatementKind;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.Membership;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Which node holds which agent. Claims and releases are stored in batches, in order, and
 * again and again while the database is away; reads see this node's own writes. All
 * methods are thread-safe and nothing happens before subscription; signals come on the
 * directory's threads.
 */
public final class AgentDirectory implements SmartLifecycle {

	private static final Duration FLUSH_LIMIT = Duration.ofSeconds(3);

	private final NodeId self;

	private final Database database;

	private final WriteCoalescer writes;

	private final LookupCoalescer lookups;

	private final ClaimWatch watch;

	private final List<Consumer<Displaced>> displacements = new CopyOnWriteArrayList<>();

	private final List<BiConsumer<AgentId, Supersessions>> flappings = new CopyOnWriteArrayList<>();

	private volatile boolean running;

	AgentDirectory(NodeId self, Database database, DirectorySettings settings, DirectoryMeters meters) {
		AgentWriter writer = new AgentWriter(self);
		this.self = self;
		this.database = database;
		this.writes = new WriteCoalescer((batch) -> {
			meters.batch(batch.size());
			return database.upkeep(StatementKind.WRITE, (connection) -> writer.store(connection, batch))
				.doOnNext((stored) -> announce(stored, batch))
				.map((stored) -> stored::holds);
		}, settings.maxQueuedClaims());
		this.lookups = new LookupCoalescer((agents) -> {
			meters.lookup(agents.size());
			return find(agents);
		});
		this.watch = new ClaimWatch(self, this::find);
		meters.queue(this.writes::depth);
	}

	private Mono<List<AgentRecord>> find(List<AgentId> agents) {
		return this.database.request(StatementKind.LOCATE, (connection) -> AgentTable.find(connection, agents));
	}

	private void announce(StoredClaims stored, List<AgentWrite> batch) {
		stored.displaced(this.self)
			.forEach((displaced) -> this.displacements.forEach((listener) -> listener.accept(displaced)));
		stored.flapping(batch)
			.forEach((agent, times) -> this.flappings.forEach((listener) -> listener.accept(agent, times)));
	}

	/**
	 * Passes on which nodes, of those that are not known to be dead, may have older
	 * connections of agents whose newer ones are in the directory now. That is known
	 * before the newer one's {@link #claim} completes. The same may be said more than
	 * once.
	 * @param listener called on the directory's threads, which it must not keep
	 */
	public void onDisplaced(Consumer<Displaced> listener) {
		this.displacements.add(listener);
	}

	/**
	 * Passes on which agents' newest connections, all of this node, superseded those of
	 * other hosts several times in a row, each time that happens.
	 * @param listener called on the directory's threads, which it must not keep
	 */
	public void onFlapping(BiConsumer<AgentId, Supersessions> listener) {
		this.flappings.add(listener);
	}

	/**
	 * Stores that a connection of this node holds its agent, over any lower epoch.
	 * @return true once it is stored, or was already, or its release is to be stored in
	 * its place; false if a higher epoch holds the agent. It takes as long as the
	 * database is away; cancelling gives it up. It fails with
	 * {@link DirectoryUnavailableException} at once if {@link #isCongested}
	 */
	public Mono<Boolean> claim(Claim claim) {
		return Mono.defer(() -> this.writes.write(AgentWrite.claim(claim)));
	}

	/**
	 * Stores that the connection has ended, unless a newer one has claimed the agent. The
	 * claim need not have been stored before: this leaves the agent known, and offline.
	 * @param claim what the connection claimed
	 * @param lastSeen when it ended, by {@link DirectoryClock#now}
	 * @return completes once it is stored, as long as that takes; cancelling gives it up
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
	 * Looks an agent up, after this node's own writes about it. What many look up while
	 * the directory has enough to do is read together.
	 * @param limit how long the directory may be silent
	 * @return the agent; empty if it was never seen; or
	 * {@link DirectoryUnavailableException}
	 */
	public Mono<AgentRecord> locate(AgentId agent, Duration limit) {
		return Database.within(limit, Mono.defer(() -> this.writes.settled(agent)).then(this.lookups.find(agent)));
	}

	/**
	 * Waits until another node holds the agent. All agents that are waited for are looked
	 * up together, a few times a second, so it costs little however many wait.
	 * @return the agent then; it never completes empty, nor fails while the directory is
	 * away
	 */
	public Mono<AgentRecord> awaitElsewhere(AgentId agent) {
		return this.watch.await(agent);
	}

	/**
	 * Lists a tenant's agents, after this node's own writes.
	 * @param online true or false for those alone; null for all. An agent of a dead node
	 * is among neither until its claim is released, a moment later
	 * @param limit the most that a page has; it may have fewer and yet not be the last
	 * @param after the id after which the page begins; null for the first
	 * @param wait how long the directory may be silent
	 * @return the page, or {@link DirectoryUnavailableException}
	 */
	public Mono<AgentPage> list(String tenant, @Nullable Boolean online, int limit, @Nullable String after,
			Duration wait) {
		Mono<List<AgentRecord>> found = this.database.request(StatementKind.LIST,
				(connection) -> AgentTable.list(connection, tenant, online, limit + 1, after));
		return Database.within(wait, Mono.defer(this.writes::settled).then(found))
			.map((agents) -> page(agents, online, limit));
	}

	/**
	 * What the directory says this node holds, after the node's own writes, by epoch.
	 * @param after the last of the page before; null for the first page
	 * @param before claims of connections that were made later are left out
	 * @param limit the most that a page has; one that has fewer is the last
	 * @return the page, however long it takes, or {@link DirectoryUnavailableException}
	 */
	public Mono<List<ClaimedAgent>> claimsOfThisNode(@Nullable ClaimedAgent after, Instant before, int limit) {
		Mono<List<ClaimedAgent>> found = this.database.upkeep(StatementKind.AUDIT,
				(connection) -> AgentTable.claimed(connection, this.self, after, Sql.micros(before), limit));
		return Mono.defer(this.writes::settled).then(found);
	}

	private static AgentPage page(List<AgentRecord> found, @Nullable Boolean online, int limit) {
		List<AgentRecord> agents = found.subList(0, Math.min(found.size(), limit));
		String next = (found.size() > limit) ? agents.getLast().agent().agent() : null;
		return new AgentPage(agents.stream().filter((agent) -> online == null || online == agent.online()).toList(),
				next);
	}

	@Override
	public void start() {
		this.running = true;
	}

	/** Waits a while for what is queued. */
	@Override
	public void stop(Runnable callback) {
		this.running = false;
		Database.within(FLUSH_LIMIT, this.writes.settled())
			.onErrorComplete()
			.doFinally((signal) -> callback.run())
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

	/** Stops after what holds connections, and before the node leaves. */
	@Override
	public int getPhase() {
		return Membership.PHASE + 1;
	}

}
