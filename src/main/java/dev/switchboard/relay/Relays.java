package dev.switchboard.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Database;
import dev.switchboard.node.Membership;
import dev.switchboard.node.Nodes;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.relay.DeliveryTable.Requested;
import dev.switchboard.time.Chance;
import dev.switchboard.time.Periodic;
import io.r2dbc.spi.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Takes relays for this node, renews their leases, and gives them back. About every two
 * seconds it does so for all relays at once, with a few statements that read only what
 * they change. A node takes no more than its share of the relays, unless no other node
 * takes them. Thread-safe.
 */
final class Relays implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Relays.class);

	private static final Duration PERIOD = Duration.ofSeconds(2);

	private static final Duration LEAVE_LIMIT = Duration.ofSeconds(3);

	/** A relay that was free for so long may be taken by any node. */
	private static final long OVERDUE_MICROS = TimeUnit.SECONDS.toMicros(6);

	private static final int MOST_FREE = 200;

	private static final int MOST_REQUESTED = 50;

	/** After so many turns, the share of this node is found out again. */
	private static final int SHARE_TURNS = 5;

	/** The most relays that are given back at a time because others have less. */
	private static final int MOST_GIVEN = 50;

	private final NodeId self;

	private final Database database;

	private final Nodes nodes;

	private final RelayFactory factory;

	private final RelayLease lease;

	private final HeldRelays held;

	private final Periodic turns;

	private volatile boolean running;

	private volatile long share = Long.MAX_VALUE;

	private int turn;

	Relays(NodeId self, Database database, Nodes nodes, RelayFactory factory, HeldRelays held, RelayLease lease,
			Chance chance) {
		this.self = self;
		this.database = database;
		this.nodes = nodes;
		this.factory = factory;
		this.held = held;
		this.lease = lease;
		this.turns = new Periodic(() -> chance.around(PERIOD, 0.25), this::turn, this::failed);
	}

	/** Takes, renews and gives back. */
	Mono<Void> turn() {
		long asked = this.lease.now();
		Mono<Void> prepared = (this.turn++ % SHARE_TURNS == 0) ? findShare() : Mono.empty();
		return Database
			.within(this.lease.length().dividedBy(2),
					prepared.then(this.database.upkeep("relays", this::claimAndRenew)))
			.flatMap((relays) -> apply(relays, asked))
			.then(Mono.defer(this::retryRequested));
	}

	private Mono<Void> findShare() {
		Mono<Long> running = this.nodes.list(PERIOD)
			.map((listed) -> listed.stream().filter(this.nodes::isWithinLease).count());
		return this.database
			.upkeep("relay-share",
					(connection) -> this.factory.makeMissing(connection).then(RelayTable.count(connection)))
			.zipWith(running)
			.doOnNext((counts) -> {
				long count = Math.max(1, counts.getT2());
				this.share = (counts.getT1() + count - 1) / count;
			})
			.then(Mono.defer(this::giveBack));
	}

	/** Gives back what is clearly more than this node's share. */
	private Mono<Void> giveBack() {
		long most = this.share + this.share / 10;
		List<HeldRelay> given = (this.held.size() > most) ? this.held.excess(this.share) : List.of();
		List<HeldRelay> now = given.subList(0, Math.min(given.size(), MOST_GIVEN));
		if (now.isEmpty()) {
			return Mono.empty();
		}
		return this.held.end(now)
			.then(this.database.upkeep("release-relays",
					(connection) -> Flux.fromIterable(now)
						.concatMap((relay) -> RelayTable.release(connection, this.self, relay))
						.then(Mono.just(true))))
			.then();
	}

	private Mono<List<HeldRelay>> claimAndRenew(Connection connection) {
		return RelayTable.free(connection, MOST_FREE)
			.map(this::choose)
			.flatMap((chosen) -> chosen.isEmpty() ? Mono.just(0L)
					: RelayTable.claim(connection, this.self, chosen, this.lease.length()))
			.flatMap((taken) -> (taken == 0 && this.held.size() == 0) ? Mono.just(List.<HeldRelay>of())
					: RelayTable.renew(connection, this.self, this.lease.length())
						.then(RelayTable.held(connection, this.self)));
	}

	private List<RelayKey> choose(List<RelayTable.Free> free) {
		long room = this.running ? Math.max(0, this.share - this.held.size()) : 0;
		List<RelayKey> chosen = new ArrayList<>();
		for (RelayTable.Free each : free) {
			boolean overdue = this.running && each.lapsedMicros() > OVERDUE_MICROS;
			if (this.factory.knows(each.key()) && (chosen.size() < room || overdue)) {
				chosen.add(each.key());
			}
		}
		return chosen;
	}

	private Mono<Void> apply(List<HeldRelay> relays, long asked) {
		this.lease.renewed(asked);
		List<HeldRelay> kept = this.running ? relays : List.of();
		return this.held.endOthers(kept).then(Mono.defer(() -> begin(this.held.missing(kept)))).doOnSuccess((_) -> {
			if (this.running) {
				this.held.renewed();
			}
		});
	}

	private Mono<Void> begin(List<HeldRelay> missing) {
		return missing.isEmpty() ? Mono.empty() : this.factory.works(missing).doOnNext((works) -> {
			if (this.running) {
				works.forEach(this.held::begin);
			}
		}).then();
	}

	/** Tries dead letters once more whose tenants have asked for it. */
	private Mono<Void> retryRequested() {
		if (this.held.keys().stream().noneMatch(RelayKey::isWebhook)) {
			return Mono.empty();
		}
		return this.database
			.upkeep("webhook-requested", (connection) -> DeliveryTable.requested(connection, this.self, MOST_REQUESTED))
			.doOnNext((requested) -> requested.forEach(this::retry))
			.then();
	}

	private void retry(Requested dead) {
		if (this.held.find(dead.webhook()) instanceof WebhookRelay relay) {
			relay.retry(dead).subscribe();
		}
	}

	private void failed(Throwable failure) {
		logger.debug("Relays were not looked at", failure);
		if (this.lease.isOver()) {
			// Other nodes have them by now, or will.
			this.held.abandon();
		}
	}

	/** Lets turns take relays. */
	void accept() {
		this.running = true;
	}

	@Override
	public void start() {
		accept();
		this.turns.start();
	}

	/** Ends all work and gives all relays back, so that others take them at once. */
	@Override
	public void stop(Runnable callback) {
		stop();
		Database
			.within(LEAVE_LIMIT,
					this.held.endOthers(List.of())
						.then(this.database.upkeep("release-relays",
								(connection) -> RelayTable.releaseAll(connection, this.self))))
			.onErrorComplete()
			.doFinally((_) -> callback.run())
			.subscribe();
	}

	@Override
	public void stop() {
		this.running = false;
		this.turns.dispose();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return Membership.PHASE + 1;
	}

}
