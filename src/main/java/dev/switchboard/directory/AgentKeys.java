package dev.switchboard.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.switchboard.database.Sql;
import dev.switchboard.protocol.AgentId;

/**
 * An SQL condition that selects the rows of many agents by their primary keys.
 *
 * @param condition the condition, on the table with the alias {@code a}
 * @param values the values to bind to the condition's question marks
 */
public record AgentKeys(String condition, List<Object> values) {

	/**
	 * The most ids in one list. MariaDB turns a list of 1,000 into a temporary table, and
	 * no longer reads each row by its key.
	 */
	private static final int LONGEST_LIST = 500;

	/**
	 * Returns the condition for these agents. It compares rows: with conditions on each
	 * column, H2 reads all agents of the tenant.
	 */
	public static AgentKeys of(Collection<AgentId> agents) {
		List<Object> values = new ArrayList<>(2 * agents.size());
		agents.forEach((agent) -> {
			values.add(Sql.bytes(agent.tenant()));
			values.add(Sql.bytes(agent.agent()));
		});
		List<String> lists = new ArrayList<>();
		for (int left = agents.size(); left > 0; left -= LONGEST_LIST) {
			lists.add("(a.tenant, a.agent) IN (" + Sql.list("(?, ?)", Math.min(left, LONGEST_LIST)) + ")");
		}
		return new AgentKeys(String.join(" OR ", lists), values);
	}

}
