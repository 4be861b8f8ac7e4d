package dev.switchboard.overload;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import dev.switchboard.time.Periodic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Moves agents to nodes that are not overloaded, while this node is overloaded. Begins
 * only when the overload has lasted for a while, since a move costs all nodes something.
 * Thread-safe; nothing blocks.
 */
final class Shedding implements SmartLifecycle {

	/** The time between two portions, and the time before the first one. */
	static final Duration PERIOD = Duration.ofSeconds(5);

	private static final Logger logger = LoggerFactory.getLogger(Shedding.class);

	private final double percentPerSecond;

	private final Supplier<Level> level;

	private final IntSupplier agents;

	private final BooleanSupplier draining;

	private final Moves moves;

	private final Periodic portions = new Periodic(() -> PERIOD, () -> Mono.defer(this::portion),
			(failure) -> logger.warn("Agents could not be moved", failure));

	private boolean lasting;

	private volatile boolean running;

	/**
	 * @param agents the number of this node's agents
	 * @param draining whether this node moves its agents away anyway
	 */
	Shedding(double percentPerSecond, Supplier<Level> level, IntSupplier agents, BooleanSupplier draining,
			Moves moves) {
		this.percentPerSecond = percentPerSecond;
		this.level = level;
		this.agents = agents;
		this.draining = draining;
		this.moves = moves;
	}

	/** Moves agents. */
	@FunctionalInterface
	interface Moves {

		/**
		 * Asks agents to move to nodes that are up and not overloaded, if there are any.
		 * @return the number of agents that were asked
		 */
		Mono<Integer> away(int most, double perSecond);

	}

	/** Moves the agents of one period, if the overload has lasted that long. */
	Mono<Integer> portion() {
		boolean shedding = this.level.get().isAtLeast(Level.SHEDDING) && !this.draining.getAsBoolean();
		boolean lastedBefore = this.lasting;
		this.lasting = shedding;
		double perSecond = this.agents.getAsInt() * this.percentPerSecond / 100;
		if (!shedding || !lastedBefore || perSecond == 0) {
			return Mono.empty();
		}
		int most = (int) Math.ceil(perSecond * PERIOD.toSeconds());
		return this.moves.away(most, perSecond)
			.doOnNext((asked) -> logger.info("This node is overloaded, and has asked {} agents to move", asked));
	}

	@Override
	public void start() {
		this.running = true;
		this.portions.start();
	}

	@Override
	public void stop() {
		this.running = false;
		this.portions.dispose();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
