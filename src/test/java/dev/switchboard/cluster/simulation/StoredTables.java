package dev.switchboard.cluster.simulation;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import dev.switchboard.database.DatabaseConnections;
import dev.switchboard.database.Sql;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.publisher.Mono;

/** The tables of a simulated database. They are in H2, in memory. */
final class StoredTables {

	private final ConnectionFactory h2;

	/** A session outside of the nodes. */
	private final Connection own;

	StoredTables(long seed) {
		this.h2 = DatabaseConnections.embedded(Chance.seeded(seed));
		this.own = Objects.requireNonNull(connect().block());
		// A wait for a row would stop the only thread, so it becomes an event
		// (SimulatedDatabase.execute).
		run("SET DEFAULT_LOCK_TIMEOUT 0");
		run("CREATE ALIAS SIMULATED_NOW FOR \"" + DatabaseClock.class.getName() + ".simulatedNow\"");
	}

	/** Makes a session with H2. */
	Mono<Connection> connect() {
		return Mono.from(this.h2.create()).cast(Connection.class);
	}

	void run(String sql) {
		Sql.update(this.own, sql).block();
	}

	/** Returns the epoch of each agent, as it is at this moment. */
	Map<String, Long> epochs() {
		return Objects.requireNonNull(Sql
			.select(this.own, "SELECT tenant, agent, epoch FROM agents",
					(row) -> Map.entry(Sql.identifier(row, "tenant") + "/" + Sql.identifier(row, "agent"),
							Sql.number(row, "epoch")))
			.onErrorReturn(List.of())
			.map((rows) -> rows.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
			.block());
	}

	/**
	 * Returns the value of each agent's label with this name, as it is at this moment.
	 */
	Map<String, String> labels(String name) {
		return Objects.requireNonNull(Sql
			.select(this.own,
					"SELECT a.tenant, a.agent, l.content FROM agents a JOIN agent_labels l ON l.tenant = a.tenant "
							+ "AND l.agent = a.agent AND l.description = a.description WHERE l.name = ?",
					(row) -> Map.entry(Sql.identifier(row, "tenant") + "/" + Sql.identifier(row, "agent"),
							Sql.text(Sql.binary(row, "content"))),
					Sql.bytes(name))
			.onErrorReturn(List.of())
			.map((rows) -> rows.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
			.block());
	}

	/** Removes the tables with everything in them. */
	void drop() {
		run("DROP TABLE IF EXISTS nodes, agents, calls, epochs, descriptions, agent_labels, "
				+ "event_batches, event_ids_0, event_ids_1, event_ids_2, event_log, pushes, relays, webhooks, webhook_deliveries, "
				+ "tenant_changes, revocations, tenants");
	}

	void close() {
		Sql.update(this.own, "SHUTDOWN").onErrorComplete().block();
	}

}
