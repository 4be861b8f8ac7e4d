package dev.switchboard.relay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The statements on the table of webhooks. A version begins with the database's time, so
 * that a webhook that is made again has a higher one.
 */
final class WebhookTable {

	private static final String SELECT = "SELECT tenant, name, url, types, subjects, enabled, reason, secret, version, "
			+ "created_at, changed_at FROM webhooks WHERE ";

	private static final String ONE = "tenant = ? AND name = ?";

	private WebhookTable() {
	}

	/**
	 * Makes a webhook.
	 * @return 1, or 0 if it is there already
	 */
	static Mono<Long> insert(Connection connection, RelayKey key, Webhook.Wish wish, SigningSecret secret) {
		return Sql.update(connection,
				"INSERT IGNORE INTO webhooks (tenant, name, url, types, subjects, enabled, secret, version, created_at, "
						+ "changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, " + Sql.CLOCK + ", " + Sql.CLOCK + ", " + Sql.CLOCK
						+ ")",
				Sql.bytes(key.tenant()), Sql.bytes(key.name()), Sql.bytes(wish.url()), lines(wish.types()),
				lines(wish.subjects()), wish.enabled() ? 1 : 0, secret.key());
	}

	/**
	 * Changes a webhook.
	 * @param secret its new secret; null to keep the one that it has
	 */
	static Mono<Long> update(Connection connection, RelayKey key, Webhook.Wish wish, @Nullable SigningSecret secret) {
		List<Object> values = new ArrayList<>(
				List.of(Sql.bytes(wish.url()), lines(wish.types()), lines(wish.subjects()), wish.enabled() ? 1 : 0));
		if (secret != null) {
			values.add(secret.key());
		}
		values.add(Sql.bytes(key.tenant()));
		values.add(Sql.bytes(key.name()));
		return Sql.update(connection,
				"UPDATE webhooks SET url = ?, types = ?, subjects = ?, enabled = ?, reason = NULL, "
						+ ((secret != null) ? "secret = ?, " : "") + "version = GREATEST(version + 1, " + Sql.CLOCK
						+ "), changed_at = " + Sql.CLOCK + " WHERE " + ONE,
				values.toArray());
	}

	/** Disables a webhook, unless it has been changed meanwhile. */
	static Mono<Long> disable(Connection connection, RelayKey key, long version, String reason) {
		return Sql.update(connection,
				"UPDATE webhooks SET enabled = 0, reason = ?, version = version + 1, changed_at = " + Sql.CLOCK
						+ " WHERE " + ONE + " AND version = ?",
				Sql.bytes(reason), Sql.bytes(key.tenant()), Sql.bytes(key.name()), version);
	}

	static Mono<Long> delete(Connection connection, RelayKey key) {
		return Sql.update(connection, "DELETE FROM webhooks WHERE " + ONE, Sql.bytes(key.tenant()),
				Sql.bytes(key.name()));
	}

	static Mono<List<SignedWebhook>> find(Connection connection, List<RelayKey> keys) {
		List<Object> values = new ArrayList<>();
		keys.forEach((key) -> values.addAll(List.of(Sql.bytes(key.tenant()), Sql.bytes(key.name()))));
		return Sql.select(connection, SELECT + String.join(" OR ", Collections.nCopies(keys.size(), "(" + ONE + ")")),
				WebhookTable::read, values.toArray());
	}

	/** Lists the webhooks of a tenant, in the order of the bytes of their names. */
	static Mono<List<SignedWebhook>> list(Connection connection, String tenant) {
		return Sql.select(connection, SELECT + "tenant = ? ORDER BY name", WebhookTable::read, Sql.bytes(tenant));
	}

	static Mono<Long> count(Connection connection, String tenant) {
		return Sql
			.select(connection, "SELECT COUNT(*) AS webhooks FROM webhooks WHERE tenant = ?",
					(row) -> Sql.number(row, "webhooks"), Sql.bytes(tenant))
			.map(List::getFirst);
	}

	private static SignedWebhook read(Readable row) {
		byte[] reason = row.get("reason", byte[].class);
		Webhook.Wish wish = new Webhook.Wish(Sql.identifier(row, "url"), values(row, "types"), values(row, "subjects"),
				Sql.integer(row, "enabled") != 0);
		Webhook webhook = new Webhook(Sql.identifier(row, "tenant"), Sql.identifier(row, "name"), wish,
				(reason != null) ? Sql.text(reason) : null, Sql.instant(row, "created_at"),
				Sql.instant(row, "changed_at"));
		return new SignedWebhook(webhook, SigningSecret.of(Sql.binary(row, "secret")), Sql.number(row, "version"));
	}

	private static byte[] lines(List<String> values) {
		return Sql.bytes(String.join("\n", values));
	}

	private static List<String> values(Readable row, String column) {
		byte[] lines = Sql.blob(row, column);
		return (lines == null || lines.length == 0) ? List.of() : List.of(Sql.text(lines).split("\n"));
	}

}
