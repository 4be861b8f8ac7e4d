package dev.switchboard.label;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Stores and deletes the labels of descriptions. */
final class LabelTable {

	private static final String INSERT = "INSERT INTO agent_labels (tenant, name, agent, description, content) VALUES ";

	private static final int ROWS_OF_A_STATEMENT = 1000;

	/** The labels with one name, of agents of one tenant. */
	private record Name(String tenant, String name) {

		static final Comparator<Name> ORDER = Comparator.comparing(Name::tenant).thenComparing(Name::name);

	}

	private LabelTable() {
	}

	static Mono<Void> insert(Connection connection, List<StoredDescription> descriptions) {
		List<List<Object>> rows = new ArrayList<>();
		for (StoredDescription description : descriptions) {
			description.description()
				.labels()
				.forEach((name, value) -> rows.add(List.of(description.tenantBytes(), Sql.bytes(name),
						description.agentBytes(), description.id(), Sql.bytes(value))));
		}
		return Flux.fromIterable(rows)
			.buffer(ROWS_OF_A_STATEMENT)
			.concatMap((some) -> Sql.update(connection, INSERT + Sql.list("(?, ?, ?, ?, ?)", some.size()),
					some.stream().flatMap(List::stream).toArray()))
			.then();
	}

	/** Deletes the labels of descriptions, in one statement for each name. */
	static Mono<Void> delete(Connection connection, List<StoredDescription> descriptions) {
		Map<Name, List<StoredDescription>> byName = new TreeMap<>(Name.ORDER);
		for (StoredDescription description : descriptions) {
			description.description()
				.labels()
				.keySet()
				.forEach((name) -> byName
					.computeIfAbsent(new Name(description.agent().tenant(), name), (_) -> new ArrayList<>())
					.add(description));
		}
		return Flux.fromIterable(byName.entrySet())
			.concatMap((entry) -> delete(connection, entry.getKey(), entry.getValue()))
			.then();
	}

	private static Mono<Long> delete(Connection connection, Name name, List<StoredDescription> descriptions) {
		List<Object> values = new ArrayList<>(List.of(Sql.bytes(name.tenant()), Sql.bytes(name.name())));
		descriptions.forEach((description) -> values.add(description.agentBytes()));
		descriptions.forEach((description) -> values.add(description.id()));
		String marks = Sql.list("?", descriptions.size());
		return Sql.update(connection, "DELETE FROM agent_labels WHERE tenant = ? AND name = ? AND agent IN (" + marks
				+ ") AND description IN (" + marks + ")", values.toArray());
	}

}
