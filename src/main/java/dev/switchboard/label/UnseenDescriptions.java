package dev.switchboard.label;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.switchboard.database.Deletion;
import dev.switchboard.database.Sql;
import dev.switchboard.directory.AgentKeys;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/**
 * Deletes the descriptions of agents that are about to be forgotten. It takes them out of
 * force first, and only while no node holds their agents. An agent that returns meanwhile
 * sends its description again.
 */
final class UnseenDescriptions implements Deletion {

	private static final String UNSEEN = "a.node IS NULL AND a.last_seen < " + Sql.CLOCK + " - ?";

	/** Descriptions go earlier than the agents' rows, which have their ids. */
	private static final Duration EARLIER = Duration.ofSeconds(30);

	private final long micros;

	/**
	 * Makes the deletion.
	 * @param retention the time after which an agent is forgotten
	 */
	UnseenDescriptions(Duration retention) {
		this.micros = TimeUnit.MILLISECONDS.toMicros(retention.minus(EARLIER).toMillis());
	}

	@Override
	public Mono<Long> run(Connection connection, int limit) {
		String sql = DescriptionRow.SELECT + UNSEEN + " AND d.id IS NOT NULL LIMIT ?";
		return Sql.select(connection, sql, DescriptionRow::read, this.micros, limit)
			.filter((unseen) -> !unseen.isEmpty())
			.flatMap((unseen) -> delete(connection, unseen).thenReturn((long) unseen.size()))
			.defaultIfEmpty(0L);
	}

	private Mono<Void> delete(Connection connection, List<DescriptionRow> unseen) {
		List<AgentId> agents = unseen.stream().map(DescriptionRow::agent).toList();
		AgentKeys keys = AgentKeys.of(agents);
		String sql = "UPDATE agents a SET a.description = NULL WHERE " + UNSEEN + " AND (" + keys.condition() + ")";
		Object[] values = Stream.concat(Stream.of(this.micros), keys.values().stream()).toArray();
		return Sql.update(connection, sql, values)
			.then(Mono.defer(() -> DescriptionRow.find(connection, agents)))
			.flatMap((rows) -> DescriptionTable.delete(connection, notInForce(unseen, rows)));
	}

	private static List<StoredDescription> notInForce(List<DescriptionRow> unseen, Map<AgentId, DescriptionRow> rows) {
		return unseen.stream().map(DescriptionRow::stored).filter(Objects::nonNull).filter((stored) -> {
			DescriptionRow row = rows.get(stored.agent());
			return row == null || !row.has(stored);
		}).toList();
	}

}
