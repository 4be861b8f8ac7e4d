package dev.switchboard.drain;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Does something with each element of a list, in small portions. Used by one thread at a
 * time.
 *
 * @param <T> the type of the elements
 */
final class Pace<T> {

	/** The shortest time between two portions. */
	static final Duration TICK = Duration.ofMillis(50);

	/**
	 * The largest portion, as a multiple of the normal one. Larger portions than normal
	 * follow a pause of this process. More at once would be a burst, which other nodes
	 * refuse.
	 */
	private static final int CATCHING_UP = 2;

	private final Scheduler clock = Schedulers.parallel();

	private final long began = now();

	private final List<T> elements;

	private final Consumer<? super T> action;

	private final Tempo tempo;

	private double ticks;

	/** How many elements are due by now, with fractions. */
	private double due;

	private int done;

	private Pace(List<T> elements, Tempo tempo, Consumer<? super T> action) {
		this.elements = elements;
		this.action = action;
		this.tempo = tempo;
	}

	/**
	 * How many elements follow in a second.
	 *
	 * @param needed the rate that is kept in any case
	 * @param fastest the rate while haste is allowed
	 * @param mayHurry whether haste is allowed, when this many elements are done
	 */
	record Tempo(double needed, double fastest, IntPredicate mayHurry) {

		/** Returns an even rate. */
		static Tempo even(double perSecond) {
			return new Tempo(perSecond, perSecond, (_) -> false);
		}

	}

	/**
	 * Applies an action to each element. The first portion comes at once. If this process
	 * stands still for a while, the next portions are twice as large until they have made
	 * up for it.
	 * @return completes when all are done; cancelling leaves out the rest
	 */
	static <T> Mono<Void> each(List<T> elements, Tempo tempo, Consumer<? super T> action) {
		return Mono.defer(() -> new Pace<>(elements, tempo, action).run());
	}

	private Mono<Void> run() {
		Mono<Long> portions = Mono.defer(() -> {
			next();
			return isDone() ? Mono.empty() : Mono.delay(TICK);
		});
		return portions.repeat(() -> !isDone()).then();
	}

	private void next() {
		double before = this.ticks;
		this.ticks = (double) (now() - this.began) / TICK.toNanos() + 1;
		double needed = perTick(this.tempo.needed());
		double inTime = Math.min(this.ticks * needed, this.due + Math.max(1, CATCHING_UP * needed));
		this.due = Math.max(inTime, this.due + haste(this.ticks - before));
		int end = (int) Math.min(this.elements.size(), Math.ceil(this.due));
		this.elements.subList(this.done, end).forEach(this.action);
		this.done = end;
	}

	private double haste(double passed) {
		return this.tempo.mayHurry().test(this.done) ? Math.min(passed, CATCHING_UP) * perTick(this.tempo.fastest())
				: 0;
	}

	private static double perTick(double perSecond) {
		return perSecond * TICK.toMillis() / 1000;
	}

	private boolean isDone() {
		return this.done == this.elements.size();
	}

	private long now() {
		return this.clock.now(TimeUnit.NANOSECONDS);
	}

}
