package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.database.Database;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.health.contributor.Status;

/** A node as a member of a cluster, wired by hand. */
public final class TestMember {

	public final DirectoryClock clock = new DirectoryClock(TimeSource.SYSTEM);

	/** How often the node has registered anew. */
	public final AtomicInteger losses = new AtomicInteger();

	public final Nodes nodes;

	public final Membership membership;

	public volatile int connections;

	public volatile @Nullable String zone = "zone-a";

	/** When the node's drain ends; null while it is up. */
	public volatile @Nullable Instant drainUntil;

	/** The handshakes in a second that the node accepts at present. */
	public volatile int handshakeRate = 5000;

	private final NodeTable.Self self;

	private final Database database;

	private final NodeStatus status = new NodeStatus(() -> 8070, 3, "ws://127.0.0.1:8090", () -> this.connections,
			"1.2.3", () -> this.handshakeRate);

	public TestMember(NodeId id, Duration lease, Database database, ClaimRelease claims) {
		this.database = database;
		this.self = new NodeTable.Self(id, "127.0.0.1", () -> this.zone, 100, lease);
		this.nodes = new Nodes(database, this.clock);
		Expiry expiry = new Expiry(id, database, claims, new NodeWatch(id, lease, TimeSource.SYSTEM),
				TimeSource.SYSTEM);
		this.membership = new Membership(this.self, this.status, database, this.clock, new OwnLease(TimeSource.SYSTEM),
				expiry, List.of(this.losses::incrementAndGet), TimeSource.SYSTEM);
	}

	/** The directory's status in the readiness probe. */
	public Status health() {
		return new DirectoryHealth(this.membership).health().getStatus();
	}

	/** Enters the node's row, without heartbeats to follow. */
	public Mono<Boolean> register() {
		return register(this.self.id());
	}

	/** Enters the row of another node that is like this one. */
	public Mono<Boolean> register(NodeId other) {
		NodeTable.Self like = new NodeTable.Self(other, this.self.host(), this.self.zone(), this.self.capacity(),
				this.self.lease());
		return this.database
			.upkeep("register",
					(connection) -> NodeTable.register(connection, like, this.status,
							new NodeTable.Standing(this.connections, this.drainUntil, this.handshakeRate),
							Duration.ofMinutes(1))
						.then(this.clock.learned(connection)))
			.thenReturn(true);
	}

	/** The nodes, by the bytes of their ids. */
	public Mono<List<NodeRecord>> list() {
		return this.database.upkeep("nodes", NodeTable::list);
	}

	/** Removes the node's row behind its back. */
	public Mono<Long> remove() {
		return this.database.upkeep("deregister", (connection) -> NodeTable.remove(connection, this.self.id()));
	}

}
