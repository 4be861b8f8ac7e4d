package dev.switchboard.drain;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Does something with each element of a list, at an even rate. Stateless. */
final class Pace {

	/** The time between two portions. */
	static final Duration TICK = Duration.ofMillis(50);

	private Pace() {
	}

	/**
	 * Applies an action to each element. The first portion comes at once.
	 * @param perSecond the rate
	 * @return completes when all are done; cancelling leaves out the rest
	 */
	static <T> Mono<Void> each(List<T> elements, double perSecond, Consumer<? super T> action) {
		double portion = perSecond * TICK.toMillis() / 1000;
		return Flux.interval(Duration.ZERO, TICK)
			.onBackpressureDrop()
			.map((tick) -> end(elements.size(), (tick + 1) * portion))
			.scan(new int[] { 0, 0 }, (before, end) -> new int[] { before[1], end })
			.doOnNext((range) -> elements.subList(range[0], range[1]).forEach(action))
			.takeUntil((range) -> range[1] == elements.size())
			.then();
	}

	private static int end(int size, double due) {
		return (int) Math.min(size, Math.ceil(due));
	}

}
