package dev.switchboard.event;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.EventReceiver;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events of agents, and acknowledges each one when it is in the log.
 * Thread-safe.
 */
final class AgentEvents implements EventReceiver {

	private static final Duration RETRY = Duration.ofSeconds(2);

	private final EventWriter writer;

	private final TenantLimits limits;

	private final EventMetrics metrics;

	private final Supplier<Instant> clock;

	private final Chance chance;

	/**
	 * Makes a receiver.
	 * @param limits limits the events of each tenant
	 * @param clock the directory's clock
	 * @param chance spreads the times after which agents try again
	 */
	AgentEvents(EventWriter writer, TenantLimits limits, EventMetrics metrics, Supplier<Instant> clock, Chance chance) {
		this.writer = writer;
		this.limits = limits;
		this.metrics = metrics;
		this.clock = clock;
		this.chance = chance;
	}

	@Override
	public void receive(AgentConnection connection, Frame.Event frame) {
		Waiting waiting = new Waiting(connection, frame.id());
		AgentId agent = connection.agent();
		Quota usedUp = take(agent.tenant(), frame.payload().length());
		if (usedUp != null) {
			this.metrics.refused();
			waiting.retryLater(this.limits.refusal(usedUp, agent.tenant()).detail());
			return;
		}
		Event event = Event.of(agent, frame);
		if (!this.writer.add(new PendingEvent(event.agent(), event.key(), event.entry(this.clock.get()), waiting))) {
			this.metrics.refused();
			waiting.retryLater("too many events wait to be stored");
		}
	}

	/**
	 * Takes what an event uses of its tenant's quotas. Returns the one that is used up;
	 * null if none is.
	 */
	private @Nullable Quota take(String tenant, int bytes) {
		if (!this.limits.tryTake(Quota.EVENTS_PER_SECOND, tenant, 1)) {
			return Quota.EVENTS_PER_SECOND;
		}
		return this.limits.tryTake(Quota.BYTES_PER_SECOND, tenant, bytes) ? null : Quota.BYTES_PER_SECOND;
	}

	/** An event whose agent waits for an answer. */
	private final class Waiting implements PendingEvent.Listener {

		private final AgentConnection connection;

		private final String id;

		Waiting(AgentConnection connection, String id) {
			this.connection = connection;
			this.id = id;
		}

		@Override
		public void stored() {
			this.connection.send(new Frame.EventAck(this.id));
		}

		@Override
		public void dropped() {
			retryLater("the event could not be stored");
		}

		void retryLater(String message) {
			this.connection.send(new Frame.EventError(this.id, Frame.Event.BUSY, message,
					AgentEvents.this.chance.around(RETRY, 0.5).toMillis()));
		}

	}

}
