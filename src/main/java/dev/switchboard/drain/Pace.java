package dev.switchboard.drain;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Does something with each element of a list, at an even rate. Used by one thread at a
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

	private final double portion;

	private int done;

	private Pace(List<T> elements, double perSecond, Consumer<? super T> action) {
		this.elements = elements;
		this.action = action;
		this.portion = perSecond * TICK.toMillis() / 1000;
	}

	/**
	 * Applies an action to each element. The first portion comes at once. If this process
	 * stands still for a while, the next portions are twice as large until they have made
	 * up for it.
	 * @param perSecond the rate
	 * @return completes when all are done; cancelling leaves out the rest
	 */
	static <T> Mono<Void> each(List<T> elements, double perSecond, Consumer<? super T> action) {
		return Mono.defer(() -> new Pace<>(elements, perSecond, action).run());
	}

	private Mono<Void> run() {
		Mono<Long> portions = Mono.defer(() -> {
			next();
			return isDone() ? Mono.empty() : Mono.delay(TICK);
		});
		return portions.repeat(() -> !isDone()).then();
	}

	private void next() {
		double ticks = (double) (now() - this.began) / TICK.toNanos() + 1;
		int due = (int) Math.min(this.elements.size(), Math.ceil(ticks * this.portion));
		int end = Math.min(due, this.done + (int) Math.ceil(CATCHING_UP * this.portion));
		this.elements.subList(this.done, end).forEach(this.action);
		this.done = end;
	}

	private boolean isDone() {
		return this.done == this.elements.size();
	}

	private long now() {
		return this.clock.now(TimeUnit.NANOSECONDS);
	}

}
