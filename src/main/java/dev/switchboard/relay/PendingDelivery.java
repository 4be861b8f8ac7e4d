package dev.switchboard.relay;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import dev.switchboard.database.Sha256;
import dev.switchboard.database.Sql;
import dev.switchboard.event.EventCursor;
import dev.switchboard.event.EventEntry;
import dev.switchboard.json.Envelope;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to a webhook. Only the window that it is in changes it, and it does
 * so under its lock.
 */
final class PendingDelivery {

	private final UUID id;

	private final EventEntry entry;

	private final EventCursor cursor;

	private int attempts;

	private @Nullable Instant firstAt;

	private @Nullable Instant nextAt;

	private PendingDelivery(UUID id, EventEntry entry, EventCursor cursor) {
		this.id = id;
		this.entry = entry;
		this.cursor = cursor;
	}

	/** Makes the delivery of an entry. It has the same id on each node and each time. */
	static PendingDelivery of(RelayKey webhook, EventEntry entry, EventCursor cursor) {
		UUID id = Sql.uuid(
				Sha256
					.ofLines(webhook.tenant(), webhook.name(), Long.toString(cursor.made()),
							Long.toString(entry.position().batch()), Integer.toString(entry.position().index()))
					.toBytes());
		return new PendingDelivery(id, entry, cursor);
	}

	/** Goes on where another node, or an earlier time, has been. */
	PendingDelivery resume(@Nullable Delivery stored) {
		if (stored != null) {
			this.attempts = stored.attempts();
			this.firstAt = stored.firstAt();
			this.nextAt = stored.nextAt();
		}
		return this;
	}

	UUID id() {
		return this.id;
	}

	/** Returns what has to stay in its order: the events of one agent. */
	String lane() {
		return this.entry.source();
	}

	EventCursor cursor() {
		return this.cursor;
	}

	byte[] event() {
		return this.entry.json().toBytes();
	}

	int bytes() {
		return this.entry.json().length();
	}

	/** Returns how often it was tried. */
	int attempts() {
		return this.attempts;
	}

	void begin(Instant now) {
		this.attempts++;
		this.firstAt = firstAt(now);
	}

	/** Returns when it was tried first; now if it was not. */
	Instant firstAt(Instant now) {
		return (this.firstAt != null) ? this.firstAt : now;
	}

	/** Returns how long it has to wait until it may be tried. */
	Duration rest(Instant now) {
		Duration rest = (this.nextAt != null) ? Duration.between(now, this.nextAt) : Duration.ZERO;
		return rest.isNegative() ? Duration.ZERO : rest;
	}

	/** Returns the delivery as it stands after an attempt. */
	Delivery after(WebhookAnswer answer, DeliveryState state, Instant now, @Nullable Instant next) {
		Envelope members = Envelope.parse(event());
		Delivery.About about = new Delivery.About(members.string("id"), this.entry.source(), this.entry.type(),
				this.entry.subject());
		return new Delivery(this.id, state, this.attempts, answer.status(), answer.failure(), about, firstAt(now), now,
				next);
	}

	/** Returns when the event was stored; null if its entry does not say so. */
	@Nullable Instant time() {
		try {
			return Instant.parse(Envelope.parse(event()).string("time"));
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

}
