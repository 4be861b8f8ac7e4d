package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;

import dev.switchboard.node.ClaimRelease;
import dev.switchboard.node.MemberStatements;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Draws the steps of the nodes' lives: heartbeats, expiry, drain, clocks. */
final class NodeSteps {

	private static final ClaimRelease CLAIMS = new NodeClaims(HistoryNode.CHANGES, List.of());

	private final HistoryNames names;

	NodeSteps(HistoryNames names) {
		this.names = names;
	}

	HistoryStep next() {
		return switch (this.names.below(14)) {
			case 0, 1 -> register();
			case 2, 3 -> renew();
			case 4 -> publish();
			case 5 -> member("read-back", MemberStatements::readBack);
			case 6 -> look();
			case 7, 8 -> declareDead();
			case 9 -> releaseDead();
			case 10 -> leave();
			case 11 -> forget();
			case 12 -> member("read-clock", MemberStatements::readClock);
			default -> member("keep-epoch", MemberStatements::keepEpoch);
		};
	}

	/** Draws a step of time: of all clocks, or of the database's alone. */
	HistoryStep time() {
		int steps = this.names.steps();
		return switch (this.names.below(4)) {
			case 0 -> new HistoryStep("clock steps by " + steps + "/64 s", (world) -> world.step(steps));
			case 1 -> new HistoryStep("clock steps by -" + steps + "/64 s", (world) -> world.step(-steps));
			default -> new HistoryStep("time passes, " + steps + "/64 s", (world) -> world.pass(steps));
		};
	}

	private HistoryStep member(String what, BiFunction<MemberStatements, Connection, Mono<?>> statement) {
		int node = this.names.node();
		return new HistoryStep(what + " of node " + node, (world) -> world
			.upkeep((connection) -> statement.apply(world.nodes.get(node).member, connection).<Object>map((it) -> it))
			.then(Mono.fromSupplier(() -> "clock " + world.nodes.get(node).clock.now() + ", next epoch "
					+ world.nodes.get(node).clock.nextEpoch())));
	}

	private HistoryStep register() {
		return register(this.names.node());
	}

	/** Draws the entry of a node. */
	HistoryStep register(int node) {
		Instant until = until();
		Duration uptime = this.names.lifetime();
		return new HistoryStep("register node " + node + ", up for " + uptime + ", drain until " + until,
				(world) -> world
					.upkeep((connection) -> world.nodes.get(node).member.register(connection, until, uptime)));
	}

	private HistoryStep renew() {
		int node = this.names.node();
		Instant until = until();
		return new HistoryStep("renew node " + node + ", drain until " + until,
				(world) -> world.upkeep((connection) -> world.nodes.get(node).member.renew(connection, until)));
	}

	private HistoryStep publish() {
		int node = this.names.node();
		Instant until = until();
		return new HistoryStep("publish node " + node + ", drain until " + until,
				(world) -> world.upkeep((connection) -> world.nodes.get(node).member.publish(connection, until)));
	}

	private @Nullable Instant until() {
		return this.names.chance(2) ? this.names.instant() : null;
	}

	private static HistoryStep look() {
		return new HistoryStep("look at all nodes",
				(world) -> world.upkeep(MemberStatements::list).doOnNext((nodes) -> world.listed = nodes));
	}

	/** Declares a node dead that was in the last list, which may be old. */
	private HistoryStep declareDead() {
		int node = this.names.node();
		boolean old = this.names.chance(3);
		return new HistoryStep("declare-dead node " + node + (old ? ", by an old list" : ""), (world) -> (old
				? Mono.just(world.listed)
				: world.upkeep(MemberStatements::list).doOnNext((nodes) -> world.listed = nodes))
			.then(Mono.defer(() -> listed(world, node)
				.flatMap((record) -> world.upkeep((connection) -> MemberStatements.declareDead(connection, record))))));
	}

	/** Releases the claims of all dead nodes, as an expiry does. */
	private HistoryStep releaseDead() {
		int limit = 1 + this.names.below(3);
		return new HistoryStep("release-dead " + limit + " claims at a time", (world) -> world
			.upkeep(MemberStatements::list)
			.flatMapIterable((nodes) -> nodes)
			.filter((node) -> node.state() == NodeState.DEAD)
			.concatMap((dead) -> world.inBatches(limit, (connection, most) -> CLAIMS.ofDead(connection, dead, most)))
			.collectList());
	}

	private static Mono<NodeRecord> listed(HistoryWorld world, int node) {
		return Flux.fromIterable(world.listed).filter((record) -> record.id().equals(world.nodes.get(node).id)).next();
	}

	private HistoryStep leave() {
		int node = this.names.node();
		int limit = 1 + this.names.below(3);
		return new HistoryStep("leave of node " + node + ", " + limit + " claims at a time",
				(world) -> world
					.inBatches(limit,
							(connection, most) -> CLAIMS.ofLeaving(connection, world.nodes.get(node).id, most))
					.flatMap((released) -> world.upkeep(world.nodes.get(node).member::remove)
						.map((removed) -> released + " released, " + removed + " removed")));
	}

	private HistoryStep forget() {
		Duration unseen = this.names.lifetime();
		return new HistoryStep("forget-nodes unseen for " + unseen,
				(world) -> world.upkeep((connection) -> MemberStatements.forget(connection, unseen)));
	}

}
