package dev.switchboard.tenant;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

import dev.switchboard.database.Database;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/** Reads the changes after a number, page by page, and applies them. Thread-safe. */
final class ChangeReader {

	private static final String STATEMENT = "read-tenant-changes";

	private static final int PAGE = 1000;

	private final Database database;

	private final Knowledge knowledge;

	ChangeReader(Database database, Knowledge knowledge) {
		this.database = database;
		this.knowledge = knowledge;
	}

	/** Reads the number of the last change. This is the one statement a second. */
	Mono<ChangeTable.State> state() {
		return this.database.upkeep(STATEMENT, ChangeTable::read);
	}

	/** Applies the changes after a number. */
	Mono<Void> readAfter(long number) {
		return agents(number, (row) -> this.knowledge.apply(row.agent(), row.revoked()))
			.then(tenants(number, (row) -> this.knowledge.apply(row.settings())));
	}

	/** Applies all that the tables have, and forgets what they do not have. */
	Mono<Void> readAll() {
		return Mono.defer(() -> {
			Set<AgentId> revoked = new HashSet<>();
			Map<String, TenantSettings> tenants = new HashMap<>();
			return agents(-1, (row) -> {
				this.knowledge.apply(row.agent(), row.revoked());
				if (row.revoked()) {
					revoked.add(row.agent());
				}
			}).then(tenants(-1, (row) -> {
				this.knowledge.apply(row.settings());
				tenants.put(row.settings().tenant(), row.settings());
			})).then(Mono.fromRunnable(() -> this.knowledge.retain(revoked, tenants)));
		});
	}

	private Mono<Void> agents(long after, Consumer<RevocationTable.Row> row) {
		return pages(after, (connection, number) -> RevocationTable.changedAfter(connection, number, PAGE),
				RevocationTable.Row::number, row);
	}

	private Mono<Void> tenants(long after, Consumer<TenantTable.Row> row) {
		return pages(after, (connection, number) -> TenantTable.changedAfter(connection, number, PAGE),
				TenantTable.Row::number, row);
	}

	private <T> Mono<Void> pages(long after, BiFunction<Connection, Long, Mono<List<T>>> page, ToLongFunction<T> number,
			Consumer<T> each) {
		return page(after, page)
			.expand((rows) -> (rows.size() < PAGE) ? Mono.empty() : page(number.applyAsLong(rows.getLast()), page))
			.doOnNext((rows) -> rows.forEach(each))
			.then();
	}

	private <T> Mono<List<T>> page(long after, BiFunction<Connection, Long, Mono<List<T>>> page) {
		return this.database.upkeep(STATEMENT, (connection) -> page.apply(connection, after));
	}

}
