package dev.switchboard.rebalance;

import java.time.Duration;
import java.util.List;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.drain.AgentMoves;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The part of this node in a rebalance. It looks at the list of nodes every few seconds.
 * While a rebalance goes on and this node has too many agents, it asks some of them to
 * move, a portion every second. One {@link #look} runs at a time, and not on an event
 * loop, since it goes through all connections.
 */
final class Rebalance {

	private static final Logger logger = LoggerFactory.getLogger(Rebalance.class);

	/** How often the node looks at the list of nodes while no rebalance goes on. */
	static final Duration WATCH = Duration.ofSeconds(5);

	private static final Duration PAUSE = Duration.ofSeconds(1);

	/** The pause after a portion, which has taken a second itself. */
	private static final Duration SHORT_PAUSE = Duration.ofMillis(50);

	private static final Duration REPORT = Duration.ofSeconds(5);

	private final RebalanceSettings settings;

	private final RebalancedNode node;

	private final RebalanceState state;

	private final OtherNodes others;

	private final MovingAgents moving;

	private final AgentMoves moves;

	private final AskedAgents<AgentConnection> asked;

	private final Storms storms;

	private final Chance chance;

	private final TimeSource time;

	private volatile @Nullable RebalancePlan plan;

	private long lookedAt;

	private long reportedAt;

	/** Whether the last look has asked agents to move. */
	private volatile boolean asking;

	Rebalance(RebalanceSettings settings, RebalancedNode node, RebalanceState state, OtherNodes others,
			MovingAgents moving, AgentMoves moves, AskedAgents<AgentConnection> asked, Chance chance, TimeSource time) {
		this.settings = settings;
		this.node = node;
		this.state = state;
		this.others = others;
		this.moving = moving;
		this.moves = moves;
		this.asked = asked;
		this.storms = new Storms(settings.rate());
		this.chance = chance;
		this.time = time;
		this.lookedAt = time.nanoTime();
		this.reportedAt = this.lookedAt;
	}

	/** Returns the last plan; null before the first look. */
	@Nullable RebalancePlan plan() {
		return this.plan;
	}

	/** Returns the pause before the next look. */
	Duration pause() {
		return this.asking ? SHORT_PAUSE : PAUSE;
	}

	/**
	 * Looks at the nodes, if that is due, and asks a portion of agents to move, if any
	 * are to be moved.
	 * @return completes when the portion has been asked; an error if the directory does
	 * not answer
	 */
	Mono<Void> look() {
		return Mono.defer(() -> {
			long now = this.time.nanoTime();
			this.asking = false;
			if (!this.state.isGoingOn() && now - this.lookedAt < WATCH.toNanos()) {
				return Mono.empty();
			}
			this.lookedAt = now;
			return this.node.plan().publishOn(Schedulers.parallel()).flatMap(this::see);
		});
	}

	private Mono<Void> see(RebalancePlan next) {
		this.plan = next;
		Share own = next.of(this.node.self());
		this.moving.level((own != null) ? own.level() : Double.MAX_VALUE);
		boolean storm = this.storms.isStorm(next.total(), this.time.nanoTime()) || this.node.congested().getAsBoolean();
		Run run = this.state.see(next, storm);
		if (run == null) {
			return Mono.empty();
		}
		report(next, own, storm);
		Mono<Void> known = this.node.publish().then(informOfLost(next, run));
		return (own == null || storm || !run.moves()) ? known : known.then(move(next, own, run));
	}

	private Mono<Void> informOfLost(RebalancePlan next, Run run) {
		List<AgentId> lost = this.moving.takeLost();
		return lost.isEmpty() ? Mono.empty() : this.others.inform(next, Notice.Kind.LOST, run, lost);
	}

	/** Asks the portion of one second to move, if there are nodes that take agents. */
	private Mono<Void> move(RebalancePlan next, Share own, Run run) {
		int waiting = this.asked.waiting(this.time.nanoTime());
		return (own.surplus() <= waiting) ? Mono.empty()
				: this.others.taking(next.receivers(), run)
					.map((shares) -> new Receivers(shares, this.node.handshakeRate()))
					.publishOn(Schedulers.parallel())
					.flatMap((receivers) -> receivers.nodes().isEmpty() ? Mono.empty()
							: ask(next, run, receivers, receivers.allowance(next, own, waiting, this.settings.rate())));
	}

	private Mono<Void> ask(RebalancePlan next, Run run, Receivers receivers, int most) {
		List<AgentConnection> chosen = (most > 0)
				? this.moves.oldest(most, run.began(), (connection) -> !this.asked.contains(connection)) : List.of();
		if (chosen.isEmpty()) {
			return Mono.empty();
		}
		this.moving.askedHere(chosen);
		return this.others.inform(next, Notice.Kind.MOVING, run, chosen.stream().map(AgentConnection::agent).toList())
			.then(Mono.defer(() -> {
				this.asked.add(chosen, this.time.nanoTime(), receivers.patience());
				this.state.busy();
				this.asking = true;
				return Mono.when(Mono.delay(PAUSE),
						this.moves.ask(chosen, chosen.size(), () -> receivers.drawUrl(this.chance)));
			}));
	}

	private void report(RebalancePlan next, @Nullable Share own, boolean storm) {
		long now = this.time.nanoTime();
		if (now - this.reportedAt >= REPORT.toNanos()) {
			this.reportedAt = now;
			logger.info("Rebalancing: the nodes have {}; this one has {} too many, and {} are asked to move{}", next,
					(own != null) ? own.surplus() : 0, this.asked.waiting(now),
					storm ? "; waiting, since many agents come or go" : "");
		}
	}

}
