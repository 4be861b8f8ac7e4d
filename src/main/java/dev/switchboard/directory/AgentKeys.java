package dev.switchboard.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

	/** Returns the condition for these agents. */
	public static AgentKeys of(Collection<AgentId> agents) {
		Map<String, List<byte[]>> byTenant = new TreeMap<>();
		agents.forEach((agent) -> byTenant.computeIfAbsent(agent.tenant(), (tenant) -> new ArrayList<>())
			.add(Sql.bytes(agent.agent())));
		List<Object> values = new ArrayList<>(agents.size() + byTenant.size());
		List<String> conditions = new ArrayList<>();
		byTenant.forEach((tenant, ids) -> {
			for (int from = 0; from < ids.size(); from += LONGEST_LIST) {
				List<byte[]> some = ids.subList(from, Math.min(ids.size(), from + LONGEST_LIST));
				conditions.add("(a.tenant = ? AND a.agent IN (" + Sql.list("?", some.size()) + "))");
				values.add(Sql.bytes(tenant));
				values.addAll(some);
			}
		});
		return new AgentKeys(String.join(" OR ", conditions), values);
	}

}
