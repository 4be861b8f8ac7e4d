package dev.switchboard.drain;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.drain.DrainState.Phase;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.time.Chance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The steps of a drain, one after the other. Each has a limit on its time. Nothing
 * happens before the subscription; cancelling leaves out the rest.
 */
final class DrainSteps {

	private static final Logger logger = LoggerFactory.getLogger(DrainSteps.class);

	/**
	 * How long agents usually take to follow, in seconds. If more agents are under way
	 * than are asked in this time, the other nodes are slower than their rates say.
	 */
	private static final int FOLLOWED_WITHIN = 1;

	private static final Duration CHECK = Duration.ofMillis(50);

	private static final Duration LOOK = Duration.ofSeconds(1);

	private static final Duration REPORT = Duration.ofSeconds(5);

	private final DrainedNode node;

	private final GoAways goAways;

	private final Chance chance;

	DrainSteps(DrainedNode node, GoAways goAways, Chance chance) {
		this.node = node;
		this.goAways = goAways;
		this.chance = chance;
	}

	DrainedNode node() {
		return this.node;
	}

	/**
	 * Returns the whole drain. It never fails.
	 * @param enter is called at the beginning of each phase after the first
	 */
	Mono<Void> run(DrainPlan plan, Consumer<Phase> enter) {
		Mono<Void> moved = Mono.defer(() -> move(plan, enter)).then(Mono.defer(() -> finish(plan, enter)));
		Mono<Void> steps = unlessAlone(plan, Mono.delay(plan.announce()).then(unlessAlone(plan, orAlone(plan, moved))));
		return this.node.begin(plan)
			.then(Mono.firstWithSignal(steps.thenReturn(true), keepPublishing(plan)))
			.doOnError((failure) -> logger.error("The drain failed, and ends", failure))
			.onErrorComplete()
			.then(Mono.fromRunnable(() -> {
				enter.accept(Phase.ENDED);
				logger.info("The drain has ended");
			}));
	}

	/**
	 * If the process ends and agents have nowhere to go, replaces the steps of a drain by
	 * a shorter wait.
	 */
	private Mono<Void> unlessAlone(DrainPlan plan, Mono<Void> steps) {
		return !plan.ending() ? steps
				: this.node.destinations().flatMap((nodes) -> nodes.areNone() ? endAlone(plan) : steps);
	}

	/** Ends the steps early if all other nodes leave, too. */
	private Mono<Void> orAlone(DrainPlan plan, Mono<Void> steps) {
		Mono<Void> alone = Flux.interval(LOOK)
			.onBackpressureDrop()
			.concatMap((_) -> this.node.destinations())
			.filter(Destinations::areNone)
			.next()
			.flatMap((_) -> endAlone(plan));
		return plan.ending() ? Mono.firstWithSignal(steps, alone) : steps;
	}

	/** Waits for the calls in flight of a node whose agents have nowhere to go. */
	private Mono<Void> endAlone(DrainPlan plan) {
		return Mono.defer(() -> {
			logger.info("No other node is up, so the agents stay until the process ends");
			return awaiting(Remains::isNoCall).take(plan.move()).then();
		});
	}

	/**
	 * Asks the agents to move, and waits until they have. If the process ends, waits
	 * until calls have ended, too.
	 */
	private Mono<Void> move(DrainPlan plan, Consumer<Phase> enter) {
		enter.accept(Phase.MOVING);
		Predicate<Remains> moved = (left) -> plan.ending() ? left.isNothing() : left.agents() == 0;
		return this.node.destinations()
			.flatMap((nodes) -> ask(nodes, plan.ask()))
			.thenMany(awaiting(moved))
			.take(plan.move())
			.then();
	}

	private Mono<Void> ask(Destinations nodes, Duration time) {
		List<AgentConnection> all = this.node.connections();
		double needed = perSecond(all, time);
		if (needed > nodes.handshakeRate()) {
			logger.warn("The other nodes accept {} handshakes in a second, but the drain needs {}",
					nodes.handshakeRate(), Math.ceil(needed));
		}
		// Half of the handshakes are left to the agents that come by themselves.
		double fastest = Math.max(needed, nodes.handshakeRate() / 2.0);
		Pace.Tempo tempo = new Pace.Tempo(needed, fastest,
				(asked) -> underWay(all.size() - asked) <= fastest * FOLLOWED_WITHIN);
		return this.goAways.send(all, tempo, () -> nodes.drawUrl(this.chance), GoAways.Reason.DRAIN);
	}

	/** Returns how many agents have been asked and have not followed yet. */
	private int underWay(int unasked) {
		return this.node.agents() - unasked;
	}

	/**
	 * Disconnects the agents that did not move, each as soon as no call waits for it, and
	 * the rest at the end of the time.
	 */
	private Mono<Void> finish(DrainPlan plan, Consumer<Phase> enter) {
		enter.accept(Phase.FINISHING);
		List<AgentConnection> left = this.node.connections();
		return Pace
			.each(left, Pace.Tempo.even(perSecond(left, plan.finish().dividedBy(2))),
					(connection) -> connection.finish(DisconnectReason.NODE_RESTARTS))
			.thenMany(awaiting((remains) -> remains.agents() == 0))
			.take(plan.finish())
			.then(Mono.fromRunnable(this::closeAll));
	}

	private void closeAll() {
		List<AgentConnection> left = this.node.connections();
		left.forEach((connection) -> connection.close(DisconnectReason.NODE_RESTARTS));
		if (!left.isEmpty()) {
			logger.warn("{} agents were still connected at the end of the drain, and are disconnected", left.size());
		}
	}

	private static double perSecond(List<?> all, Duration time) {
		return all.size() * 1000.0 / Math.max(1, time.toMillis());
	}

	/** Looks again and again at what remains, until the drain need not wait any more. */
	private Flux<Remains> awaiting(Predicate<Remains> done) {
		return Flux.interval(Duration.ZERO, CHECK)
			.onBackpressureDrop()
			.concatMap((_) -> this.node.remains())
			.takeUntil(done);
	}

	/** Publishes and logs the progress. Never ends. */
	private Mono<Boolean> keepPublishing(DrainPlan plan) {
		Flux<?> published = Flux.interval(LOOK).onBackpressureDrop().concatMap((_) -> this.node.publish(plan.until()));
		Flux<?> logged = Flux.interval(REPORT)
			.onBackpressureDrop()
			.concatMap((_) -> this.node.remains())
			.doOnNext((left) -> logger.info("Draining until {}: {}", plan.until(), left));
		return Flux.merge(published, logged).then(Mono.never());
	}

}
