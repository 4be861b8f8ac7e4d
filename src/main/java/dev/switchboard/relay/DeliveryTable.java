package dev.switchboard.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Sql;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The statements on the table of deliveries. Each is a statement of its own. */
final class DeliveryTable {

	/** How long a row stays. */
	static final long KEPT_MICROS = TimeUnit.DAYS.toMicros(14);

	private static final String COLUMNS = "id, tenant, webhook, state, attempts, status, failure, event_id, source, "
			+ "type, subject, first_at, last_at, next_at";

	private static final String OF_WEBHOOK = "tenant = ? AND webhook = ?";

	/**
	 * A dead letter that is to be tried once more.
	 *
	 * @param webhook its webhook
	 * @param delivery the delivery
	 * @param event the event; null if it is not kept any more
	 */
	record Requested(RelayKey webhook, Delivery delivery, @Nullable Payload event) {
	}

	private DeliveryTable() {
	}

	/**
	 * Stores deliveries as they stand now. A row that is there is changed.
	 * @param event the event of all of them; null where it is not needed
	 */
	static Mono<Long> put(Connection connection, RelayKey webhook, List<Delivery> deliveries, byte @Nullable [] event) {
		List<@Nullable Object> values = new ArrayList<>();
		for (Delivery delivery : deliveries) {
			addValues(webhook, delivery, values);
			values.add(event);
		}
		return Sql.update(connection,
				"INSERT INTO webhook_deliveries (" + COLUMNS + ", event) VALUES "
						+ Sql.list("(" + Sql.list("?", 15) + ")", deliveries.size())
						+ " ON DUPLICATE KEY UPDATE state = VALUES(state), attempts = VALUES(attempts), "
						+ "status = VALUES(status), failure = VALUES(failure), last_at = VALUES(last_at), "
						+ "next_at = VALUES(next_at), event = VALUES(event)",
				values.toArray());
	}

	private static void addValues(RelayKey webhook, Delivery delivery, List<@Nullable Object> values) {
		values.add(delivery.id());
		values.add(Sql.bytes(webhook.tenant()));
		values.add(Sql.bytes(webhook.name()));
		values.add(delivery.state().stored());
		values.add(delivery.attempts());
		values.add(delivery.status());
		values.add((delivery.failure() != null) ? Sql.bytes(delivery.failure()) : null);
		values.add(Sql.bytes(delivery.event().id()));
		values.add(Sql.bytes(delivery.event().source()));
		values.add(Sql.bytes(delivery.event().type()));
		values.add(Sql.bytes(delivery.event().subject()));
		values.add(Sql.micros(delivery.firstAt()));
		values.add(Sql.micros(delivery.lastAt()));
		values.add((delivery.nextAt() != null) ? Sql.micros(delivery.nextAt()) : 0L);
	}

	/**
	 * Lists deliveries of a webhook, those first that were tried last.
	 * @param state the state that they are in; null for all
	 */
	static Mono<List<Delivery>> list(Connection connection, RelayKey webhook, @Nullable DeliveryState state,
			int limit) {
		List<Object> values = new ArrayList<>(List.of(Sql.bytes(webhook.tenant()), Sql.bytes(webhook.name())));
		if (state != null) {
			values.add(state.stored());
		}
		values.add(limit);
		return Sql.select(connection,
				"SELECT " + COLUMNS + " FROM webhook_deliveries WHERE " + OF_WEBHOOK
						+ ((state != null) ? " AND state = ?" : "") + " ORDER BY last_at DESC LIMIT ?",
				DeliveryTable::read, values.toArray());
	}

	static Mono<Delivery> find(Connection connection, RelayKey webhook, UUID id) {
		return Sql
			.select(connection, "SELECT " + COLUMNS + " FROM webhook_deliveries WHERE id = ? AND " + OF_WEBHOOK,
					DeliveryTable::read, id, Sql.bytes(webhook.tenant()), Sql.bytes(webhook.name()))
			.flatMap((found) -> Mono.justOrEmpty(found.stream().findFirst()));
	}

	/**
	 * Asks for one more try of a dead letter whose event is kept.
	 * @return 1, or 0 if there is no such dead letter
	 */
	static Mono<Long> request(Connection connection, RelayKey webhook, UUID id) {
		return Sql.update(connection,
				"UPDATE webhook_deliveries SET state = 3, next_at = " + Sql.CLOCK + " WHERE id = ? AND " + OF_WEBHOOK
						+ " AND state = 2 AND event IS NOT NULL",
				id, Sql.bytes(webhook.tenant()), Sql.bytes(webhook.name()));
	}

	/** Finds dead letters that are to be tried once more by this node. */
	static Mono<List<Requested>> requested(Connection connection, NodeId node, int limit) {
		return Sql.select(connection,
				"SELECT d.id, d.tenant, d.webhook, d.state, d.attempts, d.status, d.failure, d.event_id, d.source, "
						+ "d.type, d.subject, d.first_at, d.last_at, d.next_at, d.event FROM webhook_deliveries d "
						+ "JOIN relays r ON r.tenant = d.tenant AND r.name = d.webhook "
						+ "WHERE d.state = 3 AND r.holder = ? LIMIT ?",
				DeliveryTable::readRequested, node.value(), limit);
	}

	private static Requested readRequested(Readable row) {
		byte[] event = Sql.blob(row, "event");
		return new Requested(new RelayKey(Sql.identifier(row, "tenant"), Sql.identifier(row, "webhook")), read(row),
				(event != null) ? Payload.of(event) : null);
	}

	/** Returns the deliveries of a webhook that are tried again, by their ids. */
	static Mono<Map<UUID, Delivery>> retrying(Connection connection, RelayKey webhook, int limit) {
		return list(connection, webhook, DeliveryState.RETRYING, limit).map((found) -> {
			Map<UUID, Delivery> byId = new HashMap<>();
			found.forEach((delivery) -> byId.put(delivery.id(), delivery));
			return byId;
		});
	}

	/** Deletes all deliveries of a webhook. */
	static Mono<Long> remove(Connection connection, RelayKey webhook) {
		return Sql.update(connection, "DELETE FROM webhook_deliveries WHERE " + OF_WEBHOOK, Sql.bytes(webhook.tenant()),
				Sql.bytes(webhook.name()));
	}

	/** Deletes the deliveries of a webhook in a state, except the newest. */
	static Mono<Long> trim(Connection connection, RelayKey webhook, DeliveryState state, int kept) {
		byte[] tenant = Sql.bytes(webhook.tenant());
		byte[] name = Sql.bytes(webhook.name());
		return Sql
			.select(connection,
					"SELECT last_at FROM webhook_deliveries WHERE " + OF_WEBHOOK
							+ " AND state = ? ORDER BY last_at DESC LIMIT 1 OFFSET ?",
					(row) -> Sql.number(row, "last_at"), tenant, name, state.stored(), kept)
			.flatMap((last) -> last.isEmpty() ? Mono.just(0L)
					: Sql.update(connection,
							"DELETE FROM webhook_deliveries WHERE " + OF_WEBHOOK + " AND state = ? AND last_at <= ?",
							tenant, name, state.stored(), last.getFirst()));
	}

	/** Deletes old rows, such as those of webhooks that are gone. */
	static Mono<Long> removeOld(Connection connection, int limit) {
		String each = "DELETE FROM webhook_deliveries WHERE state = ? AND last_at < " + Sql.CLOCK + " - ? LIMIT ?";
		Mono<Long> removed = Mono.just(0L);
		for (DeliveryState state : DeliveryState.values()) {
			removed = removed.flatMap((before) -> Sql.update(connection, each, state.stored(), KEPT_MICROS, limit)
				.map((more) -> before + more));
		}
		return removed;
	}

	private static Delivery read(Readable row) {
		byte[] failure = row.get("failure", byte[].class);
		long next = Sql.number(row, "next_at");
		return new Delivery(Sql.uuid(row, "id"), DeliveryState.of(Sql.integer(row, "state")),
				Sql.integer(row, "attempts"), Sql.integer(row, "status"), (failure != null) ? Sql.text(failure) : null,
				new Delivery.About(Sql.identifier(row, "event_id"), Sql.identifier(row, "source"),
						Sql.identifier(row, "type"), Sql.identifier(row, "subject")),
				Sql.instant(row, "first_at"), Sql.instant(row, "last_at"), (next != 0) ? Sql.instant(next) : null);
	}

}
