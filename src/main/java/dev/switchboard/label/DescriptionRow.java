package dev.switchboard.label;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.switchboard.database.Sql;
import dev.switchboard.directory.AgentKeys;
import dev.switchboard.directory.AgentTable;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * An agent's row, and the description that is in force.
 *
 * @param agent the agent
 * @param connection the id of the agent's latest connection
 * @param stored the description in force; null if there is none
 */
record DescriptionRow(AgentId agent, UUID connection, @Nullable StoredDescription stored) {

	/** Selects the rows of agents. A condition on the table {@code a} follows. */
	static final String SELECT = "SELECT a.tenant, a.agent, a.connection_id, d.id, d.content FROM agents a "
			+ "LEFT JOIN descriptions d ON d.tenant = a.tenant AND d.agent = a.agent AND d.id = a.description WHERE ";

	static DescriptionRow read(Readable row) {
		AgentId agent = AgentTable.agent(row);
		byte[] content = Sql.blob(row, "content");
		return new DescriptionRow(agent, Sql.uuid(row, "connection_id"), (content != null)
				? new StoredDescription(agent, Sql.number(row, "id"), AgentDescription.of(content)) : null);
	}

	/** Reads the rows of agents. Those that were never seen are missing. */
	static Mono<Map<AgentId, DescriptionRow>> find(Connection connection, Collection<AgentId> agents) {
		AgentKeys keys = AgentKeys.of(agents);
		return Sql.select(connection, SELECT + keys.condition(), DescriptionRow::read, keys.values().toArray())
			.map(DescriptionRow::byAgent);
	}

	private static Map<AgentId, DescriptionRow> byAgent(List<DescriptionRow> rows) {
		return rows.stream().collect(Collectors.toMap(DescriptionRow::agent, Function.identity()));
	}

	boolean isOf(DescriptionWrite write) {
		return this.connection.equals(write.connection().value());
	}

	boolean has(AgentDescription description) {
		return description.equals((this.stored != null) ? this.stored.description() : AgentDescription.NONE);
	}

	/** Whether this description is in force. */
	boolean has(StoredDescription description) {
		return this.stored != null && this.stored.id() == description.id();
	}

}
