package dev.switchboard.tenant;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.switchboard.database.Sql;
import dev.switchboard.quota.Quota;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The statements on the table of tenants. */
final class TenantTable {

	private static final List<Quota> QUOTAS = List.of(Quota.values());

	private static final String COLUMNS = QUOTAS.stream().map(TenantTable::column).collect(Collectors.joining(", "));

	private static final String SELECT = "SELECT tenant, changed, enabled, " + COLUMNS + " FROM tenants WHERE ";

	private static final String PUT = "INSERT INTO tenants (tenant, changed, enabled, changed_at, " + COLUMNS
			+ ") VALUES (?, ?, ?, " + Sql.CLOCK + ", " + Sql.list("?", QUOTAS.size()) + ") ON DUPLICATE KEY UPDATE "
			+ Stream.concat(Stream.of("changed", "enabled", "changed_at"), QUOTAS.stream().map(TenantTable::column))
				.map((column) -> column + " = VALUES(" + column + ")")
				.collect(Collectors.joining(", "));

	private TenantTable() {
	}

	/**
	 * A row.
	 *
	 * @param settings what it says
	 * @param number the number of its last change
	 */
	record Row(TenantSettings settings, long number) {

		static Row read(Readable row) {
			Map<Quota, Long> quotas = new EnumMap<>(Quota.class);
			for (Quota quota : QUOTAS) {
				Long amount = row.get(column(quota), Long.class);
				if (amount != null) {
					quotas.put(quota, amount);
				}
			}
			return new Row(new TenantSettings(Sql.identifier(row, "tenant"), Sql.integer(row, "enabled") != 0, quotas),
					Sql.number(row, "changed"));
		}

	}

	private static String column(Quota quota) {
		return quota.name().toLowerCase(Locale.ROOT);
	}

	static Mono<Long> put(Connection connection, long number, TenantSettings settings) {
		List<@Nullable Object> values = new ArrayList<>();
		values.add(Sql.bytes(settings.tenant()));
		values.add(number);
		values.add(settings.enabled() ? 1 : 0);
		QUOTAS.forEach((quota) -> values.add(settings.quotas().get(quota)));
		return Sql.update(connection, PUT, values.toArray());
	}

	/** Finds the settings of a tenant; empty if nothing was ever set. */
	static Mono<TenantSettings> find(Connection connection, String tenant) {
		return Sql.select(connection, SELECT + "tenant = ?", Row::read, Sql.bytes(tenant))
			.flatMap((found) -> Mono.justOrEmpty(found.stream().map(Row::settings).findFirst()));
	}

	/** Counts the tenants that have settings, without one tenant. */
	static Mono<Long> countOthers(Connection connection, String tenant) {
		return Sql
			.select(connection, "SELECT COUNT(*) AS set_tenants FROM tenants WHERE tenant <> ?",
					(row) -> Sql.number(row, "set_tenants"), Sql.bytes(tenant))
			.map(List::getFirst);
	}

	/** Returns the rows that were changed after a number, in the order of changes. */
	static Mono<List<Row>> changedAfter(Connection connection, long number, int limit) {
		return Sql.select(connection, SELECT + "changed > ? ORDER BY changed LIMIT ?", Row::read, number, limit);
	}

	/**
	 * Lists tenants that have settings or agents, in the order of the bytes of their
	 * names.
	 * @param after the tenant after which the list begins; empty for the beginning
	 */
	static Mono<List<TenantSettings>> list(Connection connection, String after, int limit) {
		String named = "SELECT tenant FROM (SELECT tenant FROM tenants WHERE tenant > ?"
				+ " UNION SELECT DISTINCT tenant FROM agents WHERE tenant > ?) named ORDER BY tenant LIMIT ?";
		return Sql
			.select(connection, named, (row) -> Sql.identifier(row, "tenant"), Sql.bytes(after), Sql.bytes(after),
					limit)
			.flatMap((names) -> names.isEmpty() ? Mono.just(List.of()) : settings(connection, names));
	}

	private static Mono<List<TenantSettings>> settings(Connection connection, List<String> names) {
		return Sql
			.select(connection, SELECT + "tenant IN (" + Sql.list("?", names.size()) + ")", Row::read,
					names.stream().map(Sql::bytes).toArray())
			.map((rows) -> {
				Map<String, TenantSettings> found = rows.stream()
					.collect(Collectors.toMap((row) -> row.settings().tenant(), Row::settings));
				return names.stream().map((name) -> found.getOrDefault(name, TenantSettings.unset(name))).toList();
			});
	}

}
