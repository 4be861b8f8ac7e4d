package dev.switchboard.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.switchboard.event.EventCursor;
import dev.switchboard.relay.DeliveryOrder.Place;
import dev.switchboard.time.Backoff;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The events of one webhook that were read and are not delivered. Events of different
 * agents are sent at the same time, those of one agent one after the other. After a
 * failure, the agent's events wait; other agents' do not. If there are only failures, one
 * request at a time finds out whether the receiver is back, and then all waiting ends.
 * Thread-safe.
 */
final class DeliveryWindow {

	private final DeliveryWork work;

	private final int concurrent;

	private final Duration retryFor;

	private final Backoff backoff;

	private final Supplier<Instant> clock;

	private final DeliveryOrder order;

	private final Sinks.Empty<Void> stopping = Sinks.empty();

	private @Nullable EventCursor read;

	private final AtomicInteger dispatches = new AtomicInteger();

	private int underway;

	private int failuresInRow;

	/** How many pauses that the receiver has asked for are not over. */
	private int pauses;

	private boolean stopped;

	private Sinks.Empty<Void> room = Sinks.empty();

	/** Makes an empty window, which uses the directory's clock. */
	DeliveryWindow(DeliveryWork work, WebhookSettings settings, Backoff backoff, MemoryBudget budget,
			Supplier<Instant> clock) {
		this.work = work;
		this.concurrent = settings.maxConcurrent();
		this.retryFor = settings.retryFor();
		this.backoff = backoff;
		this.order = new DeliveryOrder(budget);
		this.clock = clock;
	}

	/**
	 * Adds the next events.
	 * @param end the place up to which the log has been read
	 */
	void add(List<PendingDelivery> next, EventCursor end) {
		synchronized (this) {
			if (this.stopped) {
				return;
			}
			next.forEach((pending) -> begin(this.order.add(pending)));
			this.read = end;
		}
		dispatch();
	}

	private void begin(@Nullable Place place) {
		PendingDelivery pending = (place != null) ? DeliveryOrder.at(place) : null;
		if (place == null || pending == null) {
			return;
		}
		Duration rest = pending.rest(this.clock.get());
		if (rest.isPositive()) {
			rest(place, rest);
		}
		else {
			this.order.ready(place);
		}
	}

	/** Completes when more events may be added. */
	synchronized Mono<Void> room() {
		return (this.stopped || this.order.hasRoom()) ? Mono.empty() : this.room.asMono();
	}

	/** Sends what may be sent now. */
	void dispatch() {
		if (this.dispatches.getAndIncrement() == 0) {
			for (int seen = 1; seen != 0; seen = this.dispatches.addAndGet(-seen)) {
				next().forEach(this::send);
			}
		}
	}

	private synchronized List<Place> next() {
		List<Place> next = new ArrayList<>();
		int most = (this.failuresInRow < this.concurrent) ? this.concurrent : 1;
		boolean may = !this.stopped && this.pauses == 0 && this.work.mayWork();
		while (may && this.underway < most) {
			Place place = this.order.nextReady();
			if (place == null) {
				break;
			}
			next.add(place);
			this.underway++;
		}
		return next;
	}

	private void send(Place place) {
		PendingDelivery pending = DeliveryOrder.at(place);
		if (pending != null) {
			pending.begin(this.clock.get());
			Mono.defer(() -> this.work.send(pending))
				.flatMap((answer) -> settle(place, pending, answer))
				.takeUntilOther(this.stopping.asMono())
				.subscribe();
		}
	}

	private Mono<Void> settle(Place place, PendingDelivery pending, WebhookAnswer answer) {
		if (answer.failure() == null) {
			this.work.delivered(pending, answer);
			return Mono.fromRunnable(() -> succeeded(place, pending));
		}
		if (answer.isGone()) {
			endless();
			return this.work.gone();
		}
		Instant now = this.clock.get();
		Instant end = pending.firstAt(now).plus(this.retryFor);
		if (!now.isBefore(end)) {
			return this.work.dead(pending, answer).then(Mono.fromRunnable(() -> failed(place, pending, null, null)));
		}
		Duration pause = pause(pending, answer);
		Instant next = now.plus(pause).isBefore(end) ? now.plus(pause) : end;
		return this.work.retrying(pending, answer, next)
			.then(Mono.fromRunnable(() -> failed(place, pending, Duration.between(now, next), answer.retryAfter())));
	}

	private synchronized void endless() {
		this.pauses++;
	}

	private Duration pause(PendingDelivery pending, WebhookAnswer answer) {
		Duration pause = this.backoff.pause(pending.attempts() - 1L);
		Duration asked = answer.retryAfter();
		return (asked != null && asked.compareTo(pause) > 0) ? asked : pause;
	}

	private void succeeded(Place place, PendingDelivery pending) {
		synchronized (this) {
			this.underway--;
			if (this.failuresInRow >= this.concurrent) {
				this.order.wakeAll();
			}
			this.failuresInRow = 0;
			finish(place, pending);
		}
		this.work.progressed();
		dispatch();
	}

	/**
	 * @param pause how long the delivery rests; null if it is given up
	 * @param asked the pause of all deliveries that the receiver asked for; null if it
	 * asked for none
	 */
	private void failed(Place place, PendingDelivery pending, @Nullable Duration pause, @Nullable Duration asked) {
		synchronized (this) {
			this.underway--;
			this.failuresInRow++;
			if (pause == null) {
				finish(place, pending);
			}
			else {
				rest(place, pause);
			}
			if (asked != null && asked.isPositive()) {
				this.pauses++;
				after(asked, () -> this.pauses--);
			}
		}
		this.work.progressed();
		dispatch();
	}

	private void rest(Place place, Duration pause) {
		this.order.rest(place);
		after(pause, () -> this.order.wake(place));
	}

	private void after(Duration pause, Runnable change) {
		Mono.delay(pause).takeUntilOther(this.stopping.asMono()).subscribe((_) -> {
			synchronized (this) {
				change.run();
			}
			dispatch();
		});
	}

	private void finish(Place place, PendingDelivery pending) {
		begin(this.order.finish(place, pending));
		if (this.order.hasRoom()) {
			Sinks.Empty<Void> before = this.room;
			this.room = Sinks.empty();
			before.tryEmitEmpty();
		}
	}

	/** Returns the place up to which all is delivered; null if it is not known yet. */
	synchronized @Nullable EventCursor delivered() {
		return this.order.delivered(this.read);
	}

	synchronized int waiting() {
		return this.order.waiting();
	}

	synchronized @Nullable PendingDelivery oldest() {
		return this.order.oldest();
	}

	/** Ends all requests, and begins no more. */
	void stop() {
		synchronized (this) {
			if (!this.stopped) {
				this.stopped = true;
				this.order.clear();
			}
		}
		this.stopping.tryEmitEmpty();
	}

}
