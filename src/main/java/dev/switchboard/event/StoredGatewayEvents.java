package dev.switchboard.event;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.connection.GatewayEvents;
import dev.switchboard.database.DatabaseUnavailableException;
import reactor.core.publisher.Mono;

/** Stores the gateway's own events together with those of agents. Thread-safe. */
final class StoredGatewayEvents implements GatewayEvents {

	private final EventWriter writer;

	StoredGatewayEvents(EventWriter writer) {
		this.writer = writer;
	}

	@Override
	public Mono<Void> store(List<GatewayEvent> events) {
		return Mono.defer(() -> {
			Waiting waiting = new Waiting(events.size());
			for (GatewayEvent sent : events) {
				Event event = Event.of(sent);
				if (!this.writer.add(new PendingEvent(event.agent(), event.key(), event.entry(sent.time()), waiting))) {
					// A later event of the same agent must not come before this one.
					waiting.dropped();
					break;
				}
			}
			return Mono.fromFuture(waiting.done, true);
		});
	}

	/** Waits until all events are stored, or one is not. */
	private static final class Waiting implements PendingEvent.Listener {

		private final AtomicInteger left;

		private final CompletableFuture<Void> done = new CompletableFuture<>();

		Waiting(int events) {
			this.left = new AtomicInteger(events);
			if (events == 0) {
				this.done.complete(null);
			}
		}

		@Override
		public void stored() {
			if (this.left.decrementAndGet() == 0) {
				this.done.complete(null);
			}
		}

		@Override
		public void dropped() {
			this.done.completeExceptionally(new DatabaseUnavailableException("the event log takes no events", null));
		}

	}

}
