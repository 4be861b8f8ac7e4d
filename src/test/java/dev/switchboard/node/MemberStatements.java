package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The statements with which a node keeps itself in the list of nodes, one by one, for a
 * test that chooses their order.
 */
public final class MemberStatements {

	private final NodeTable.Self self;

	private final NodeStatus status;

	private final DirectoryClock clock;

	/** The time of the heartbeat in this node's row, as this node last read it. */
	private long stored;

	public MemberStatements(NodeId id, String host, Supplier<@Nullable String> zone, Duration lease, NodeStatus status,
			DirectoryClock clock) {
		this.self = new NodeTable.Self(id, host, zone, 100, lease);
		this.status = status;
		this.clock = clock;
	}

	public Mono<Void> register(Connection connection, @Nullable Instant drainUntil, Duration uptime) {
		return NodeTable.register(connection, this.self, this.status, standing(drainUntil), uptime);
	}

	/** Sends a heartbeat, and reads it back if it was stored. */
	public Mono<Boolean> renew(Connection connection, @Nullable Instant drainUntil) {
		return NodeTable.renew(connection, this.self, standing(drainUntil), this.stored)
			.delayUntil((renewed) -> renewed ? readBack(connection) : Mono.empty());
	}

	public Mono<Long> readBack(Connection connection) {
		return NodeTable.heartbeat(connection, this.self.id()).doOnNext((heartbeat) -> this.stored = heartbeat);
	}

	public Mono<Long> publish(Connection connection, @Nullable Instant drainUntil) {
		return NodeTable.publish(connection, this.self.id(), standing(drainUntil));
	}

	private NodeTable.Standing standing(@Nullable Instant drainUntil) {
		return new NodeTable.Standing(this.status.connections().getAsInt(), drainUntil,
				this.status.handshakeRate().getAsInt());
	}

	/** Reads the database's clock as a heartbeat does. */
	public Mono<Void> readClock(Connection connection) {
		return this.clock.read(connection);
	}

	/** Stores this node's highest epoch. */
	public Mono<Void> keepEpoch(Connection connection) {
		return this.clock.keep(connection);
	}

	public Mono<Long> remove(Connection connection) {
		return NodeTable.remove(connection, this.self.id());
	}

	public static Mono<List<NodeRecord>> list(Connection connection) {
		return NodeTable.list(connection);
	}

	public static Mono<Long> declareDead(Connection connection, NodeRecord gone) {
		return NodeTable.declareDead(connection, gone);
	}

	public static Mono<Long> forget(Connection connection, Duration unseen) {
		return NodeTable.forget(connection, unseen.toNanos() / 1000);
	}

}
