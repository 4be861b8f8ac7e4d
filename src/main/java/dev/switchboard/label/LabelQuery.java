package dev.switchboard.label;

import java.util.Comparator;
import java.util.List;

import dev.switchboard.database.Sql;
import dev.switchboard.directory.AgentTable;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds the agents of a tenant that a selector selects. The query follows the index of
 * one required label, the rarest, in the order of the agents' ids, and looks the agents'
 * other labels up by key. So it reads no more than the agents that have this label, and
 * stops at the end of the page. If the selector requires no label, the query follows the
 * tenant's agents.
 * <p>
 * All that is looked up by key is counted: there is at most one such row. A join or
 * EXISTS would let the database begin with another table, and sort all that it finds, or
 * read all agents, for one page.
 */
final class LabelQuery {

	/** Up to this number of agents, a label is counted to find the rarest. */
	private static final int MOST_COUNTED = 1000;

	private final Connection connection;

	private final String tenant;

	private final Selector selector;

	private final @Nullable Boolean online;

	/**
	 * Makes a query, which reads nothing yet.
	 * @param online true for agents with a claim, false for those without, null for all
	 */
	LabelQuery(Connection connection, String tenant, Selector selector, @Nullable Boolean online) {
		this.connection = connection;
		this.tenant = tenant;
		this.selector = selector;
		this.online = online;
	}

	/**
	 * Reads one page, in the order of the bytes of the agents' ids.
	 * @param after the id after which the page begins; null for the first page
	 * @param limit the most agents
	 */
	Mono<List<AgentId>> page(@Nullable String after, int limit) {
		return rarest().flatMap((rarest) -> page(rarest, after, limit))
			.switchIfEmpty(Mono.defer(() -> page(null, after, limit)));
	}

	/** Returns the rarest required label; empty if none is required. */
	private Mono<Requirement> rarest() {
		List<Requirement> required = this.selector.requirements()
			.stream()
			.filter((requirement) -> !requirement.negated())
			.toList();
		if (required.size() <= 1) {
			return Mono.justOrEmpty(required.stream().findFirst());
		}
		return Flux.fromIterable(required)
			.concatMap((requirement) -> count(requirement).map((count) -> new Counted(requirement, count)))
			.collectList()
			.map((counted) -> counted.stream()
				.min(Comparator.comparingLong(Counted::agents))
				.orElseThrow()
				.requirement());
	}

	private record Counted(Requirement requirement, long agents) {

	}

	private Mono<Long> count(Requirement requirement) {
		SqlText sql = new SqlText("SELECT COUNT(*) AS agents FROM (SELECT l.agent FROM agent_labels l WHERE ");
		sql.add("l.tenant = ? AND l.name = ?", Sql.bytes(this.tenant), Sql.bytes(requirement.name()));
		addValues(sql, "l", requirement);
		sql.add(" LIMIT ?) counted", MOST_COUNTED);
		return Sql.select(this.connection, sql.text(), (row) -> Sql.number(row, "agents"), sql.values())
			.map(List::getFirst);
	}

	private Mono<List<AgentId>> page(@Nullable Requirement first, @Nullable String after, int limit) {
		SqlText sql = sql(first, after, limit);
		return Sql.select(this.connection, sql.text(), (row) -> new AgentId(this.tenant, Sql.identifier(row, "agent")),
				sql.values());
	}

	/**
	 * Returns the query for a page.
	 * @param first the required label whose index the query follows; null if none is
	 * required
	 */
	SqlText sql(@Nullable Requirement first, @Nullable String after, int limit) {
		SqlText sql = new SqlText("");
		if (first == null) {
			addAgents(sql, after, limit);
		}
		else if (first.values().size() <= 1) {
			addLabelled(sql, first, first.values().stream().findFirst().orElse(null), after, limit);
		}
		else {
			addUnion(sql, first, after, limit);
		}
		return sql;
	}

	/** Adds a query for each value, because each of them follows the index in order. */
	private void addUnion(SqlText sql, Requirement first, @Nullable String after, int limit) {
		sql.add("SELECT agent FROM (");
		String before = "(";
		for (String value : first.values()) {
			sql.add(before);
			addLabelled(sql, first, value, after, limit);
			sql.add(")");
			before = " UNION ALL (";
		}
		sql.add(") found ORDER BY agent LIMIT ?", limit);
	}

	private void addLabelled(SqlText sql, Requirement first, @Nullable String value, @Nullable String after,
			int limit) {
		sql.add("SELECT l.agent FROM agent_labels l WHERE l.tenant = ? AND l.name = ? AND l.agent > ?",
				Sql.bytes(this.tenant), Sql.bytes(first.name()), begin(after));
		if (value != null) {
			sql.add(" AND l.content = ?", Sql.bytes(value));
		}
		sql.add(" AND (SELECT COUNT(*) FROM agents a WHERE a.tenant = l.tenant AND a.agent = l.agent "
				+ "AND a.description = l.description" + AgentTable.presence(this.online) + ") = 1");
		addOthers(sql, "l.tenant = m.tenant AND l.agent = m.agent AND l.description = m.description", first);
		sql.add(" ORDER BY l.agent LIMIT ?", limit);
	}

	private void addAgents(SqlText sql, @Nullable String after, int limit) {
		sql.add("SELECT a.agent FROM agents a WHERE a.tenant = ? AND a.agent > ?" + AgentTable.presence(this.online),
				Sql.bytes(this.tenant), begin(after));
		addOthers(sql, "a.tenant = m.tenant AND a.agent = m.agent AND a.description = m.description", null);
		sql.add(" ORDER BY a.agent LIMIT ?", limit);
	}

	private static byte[] begin(@Nullable String after) {
		return Sql.bytes((after != null) ? after : "");
	}

	/** Adds the requirements beside the one whose index the query follows. */
	private void addOthers(SqlText sql, String join, @Nullable Requirement first) {
		for (Requirement requirement : this.selector.requirements()) {
			if (!requirement.equals(first)) {
				sql.add(" AND (SELECT COUNT(*) FROM agent_labels m WHERE " + join + " AND m.name = ?",
						Sql.bytes(requirement.name()));
				addValues(sql, "m", requirement);
				sql.add(requirement.negated() ? ") = 0" : ") = 1");
			}
		}
	}

	private static void addValues(SqlText sql, String table, Requirement requirement) {
		if (!requirement.isExistence()) {
			sql.add(" AND " + table + ".content IN (" + Sql.list("?", requirement.values().size()) + ")",
					requirement.values().stream().map(Sql::bytes).toArray());
		}
	}

}
