package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.switchboard.protocol.AgentId;
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

	private final Database database;

	private final WriteCoalescer writes;

	private volatile boolean running;

	AgentDirectory(AgentWriter writer, Database database, DirectorySettings settings, DirectoryMeters meters) {
		this.database = database;
		this.writes = new WriteCoalescer((batch) -> {
			meters.batch(batch.size());
			return database.upkeep(StatementKind.WRITE, (connection) -> writer.store(connection, batch));
		}, settings.maxQueuedClaims());
		meters.queue(this.writes);
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
	 * @param lastSeen when it ended, by {@link NodeRegistry#now}
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
	 * Looks an agent up, after this node's own writes about it.
	 * @param limit how long the directory may be silent
	 * @return the agent; empty if it was never seen; or
	 * {@link DirectoryUnavailableException}
	 */
	public Mono<AgentRecord> locate(AgentId agent, Duration limit) {
		Mono<AgentRecord> found = this.database.request(StatementKind.LOCATE,
				(connection) -> AgentTable.find(connection, agent));
		return Database.within(limit, Mono.defer(() -> this.writes.settled(agent)).then(found));
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
		return NodeRegistry.PHASE + 1;
	}

}
