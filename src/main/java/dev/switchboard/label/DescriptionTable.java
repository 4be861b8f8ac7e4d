package dev.switchboard.label;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Inserts and deletes descriptions and their labels. Does not put them in force. */
final class DescriptionTable {

	private static final int ROWS_OF_A_DELETION = 100;

	private DescriptionTable() {
	}

	static Mono<Void> insert(Connection connection, List<StoredDescription> descriptions) {
		String sql = "INSERT INTO descriptions (tenant, agent, id, content) VALUES "
				+ Sql.list("(?, ?, ?, ?)", descriptions.size());
		return Sql
			.update(connection, sql,
					values(descriptions,
							(description) -> List.of(description.tenantBytes(), description.agentBytes(),
									description.id(), description.description().bytes())))
			.then(LabelTable.insert(connection, descriptions));
	}

	static Mono<Void> delete(Connection connection, List<StoredDescription> descriptions) {
		return Flux.fromIterable(descriptions)
			.buffer(ROWS_OF_A_DELETION)
			.concatMap((some) -> LabelTable.delete(connection, some).then(deleteRows(connection, some)))
			.then();
	}

	private static Mono<Long> deleteRows(Connection connection, List<StoredDescription> descriptions) {
		String condition = String.join(" OR ",
				descriptions.stream().map((_) -> "(tenant = ? AND agent = ? AND id = ?)").toList());
		return Sql.update(connection, "DELETE FROM descriptions WHERE " + condition, values(descriptions,
				(description) -> List.of(description.tenantBytes(), description.agentBytes(), description.id())));
	}

	private static Object[] values(List<StoredDescription> descriptions,
			Function<StoredDescription, List<Object>> columns) {
		List<Object> values = new ArrayList<>();
		descriptions.forEach((description) -> values.addAll(columns.apply(description)));
		return values.toArray();
	}

}
