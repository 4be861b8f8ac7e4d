package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import dev.switchboard.database.Database;
import dev.switchboard.database.DirectoryUnavailableException;
import dev.switchboard.database.StatementKind;
import dev.switchboard.protocol.NodeId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * This node's place among the nodes: enters its row, renews its lease every third of it,
 * learns the directory's time, and takes the row out when the node stops. All methods are
 * thread-safe and none blocks; while the database is away the registry tries again, with
 * back-off.
 */
public final class NodeRegistry implements SmartLifecycle {

	/** The phase in which a node is in the directory. */
	public static final int PHASE = 0;

	private static final Logger logger = LoggerFactory.getLogger(NodeRegistry.class);

	private static final Duration LEAVE_LIMIT = Duration.ofSeconds(3);

	private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

	private volatile NodeTable.Self self;

	private final Duration interval;

	private final Database database;

	private final DirectoryClock clock;

	private final Lease lease;

	private final Expiry expiry;

	private final List<Runnable> lossListeners = new CopyOnWriteArrayList<>();

	private final Disposable.Swap loop = Disposables.swap();

	private volatile IntSupplier connections = () -> 0;

	private volatile NodeState state = NodeState.UP;

	private volatile boolean registered;

	private volatile boolean running;

	NodeRegistry(NodeTable.Self self, Database database, DirectoryClock clock, Expiry expiry) {
		this.self = self;
		this.database = database;
		this.clock = clock;
		this.expiry = expiry;
		this.lease = new Lease(TimeUnit.MICROSECONDS.toNanos(self.leaseMicros()));
		this.interval = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(self.leaseMicros()) / 3);
	}

	/**
	 * The directory's time: its clock at the last heartbeat and the monotonic clock
	 * since. Before the first heartbeat it is the machine's. It may step at a heartbeat.
	 */
	public Instant now() {
		return this.clock.now();
	}

	/**
	 * An epoch for a new connection: microseconds of {@link #now}, higher than any that
	 * this node gave before, and below 2<sup>53</sup>.
	 */
	public long nextEpoch() {
		return this.clock.nextEpoch();
	}

	/**
	 * Whether the directory answered lately: a heartbeat came through within the last two
	 * thirds of a lease.
	 */
	public boolean isAnswering() {
		return this.lease.renewedWithin(2 * this.interval.toNanos());
	}

	/** Whether a node's last heartbeat is no older than its lease. */
	public boolean isWithinLease(NodeRecord node) {
		return !node.lastHeartbeat().plus(node.lease()).isBefore(now());
	}

	/**
	 * The nodes, by the bytes of their ids.
	 * @param limit how long the directory may be silent
	 * @return the nodes, or {@link DirectoryUnavailableException}
	 */
	public Mono<List<NodeRecord>> nodes(Duration limit) {
		return Database.within(limit, this.database.request(StatementKind.NODES, NodeTable::list));
	}

	/**
	 * Finds a node.
	 * @param limit how long the directory may be silent
	 * @return the node; empty if the directory does not list it; or
	 * {@link DirectoryUnavailableException}
	 */
	public Mono<NodeRecord> find(NodeId id, Duration limit) {
		return nodes(limit)
			.flatMap((nodes) -> Mono.justOrEmpty(nodes.stream().filter((node) -> node.id().equals(id)).findFirst()));
	}

	/** Says at which port other nodes reach this one, before it starts. */
	public void reachableAt(int port) {
		this.self = this.self.at(port);
	}

	/** Says where heartbeats learn how many connections this node holds. */
	public void countConnections(IntSupplier connections) {
		this.connections = connections;
	}

	/**
	 * Runs this whenever the directory had given this node up and it has registered anew:
	 * its claims were released, and are to be made again with their epochs.
	 */
	public void onLoss(Runnable listener) {
		this.lossListeners.add(listener);
	}

	/**
	 * Says that this node takes no more connections, now and at every heartbeat.
	 * @return completes once the directory knows; it may be {@link #isAnswering away}
	 */
	public Mono<Void> drain() {
		return Mono.defer(() -> {
			this.state = NodeState.DRAINING;
			return renew().then();
		});
	}

	@Override
	public void start() {
		this.running = true;
		this.loop.update(Mono.defer(this::turn).repeat(() -> this.running).subscribe());
	}

	/** One heartbeat, and the pause until the next. */
	private Mono<Long> turn() {
		return beat().thenReturn(this.interval).onErrorResume((failure) -> {
			Duration pause = this.lease.backoff(FIRST_BACKOFF, this.interval);
			logger.warn("No heartbeat, trying again in {}: {}", pause, failure.toString());
			return Mono.just(pause);
		}).flatMap(Mono::delay);
	}

	private Mono<Void> beat() {
		return (this.registered ? renew() : Mono.just(false)).flatMap((renewed) -> renewed ? Mono.empty() : register())
			.then(this.database.upkeep(StatementKind.HEARTBEAT,
					(connection) -> NodeTable.clock(connection, this.clock)))
			.doOnSuccess((ignored) -> renewed());
	}

	private Mono<Boolean> renew() {
		return this.database.upkeep(StatementKind.HEARTBEAT,
				(connection) -> NodeTable.renew(connection, this.self.id(), this.state, this.connections.getAsInt()));
	}

	private Mono<Void> register() {
		boolean anew = this.registered;
		return this.database
			.upkeep(StatementKind.REGISTER,
					(connection) -> NodeTable.register(connection, this.self, this.state, this.connections.getAsInt()))
			.doOnSuccess((ignored) -> {
				this.registered = true;
				if (anew) {
					logger.warn("The directory had given this node up; it has registered anew");
					this.lossListeners.forEach(Runnable::run);
				}
			});
	}

	private void renewed() {
		this.lease.renewed();
		if (this.lease.heldForOneTerm()) {
			this.expiry.run();
		}
	}

	/** Leaves the directory, if that answers soon. */
	@Override
	public void stop(Runnable callback) {
		stop();
		Database.within(LEAVE_LIMIT, this.expiry.leave())
			.onErrorComplete()
			.doFinally((signal) -> callback.run())
			.subscribe();
	}

	@Override
	public void stop() {
		this.running = false;
		this.loop.dispose();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
