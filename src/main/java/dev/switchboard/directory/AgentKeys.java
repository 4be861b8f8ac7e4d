package dev.switchboard.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.switchboard.database.Sql;
import dev.switchboard.protocol.AgentId;

/**
 * The condition by which many agents' rows are read at once, each by its primary key.
 *
 * @param condition on the table {@code a}
 * @param values the values that it binds
 */
record AgentKeys(String condition, List<Object> values) {

	/** MariaDB turns a list of a thousand into a table, and joins that. */
	private static final int LONGEST_LIST = 500;

	static AgentKeys of(Collection<AgentId> agents) {
		Map<String, List<byte[]>> byTenant = new TreeMap<>();
		agents.forEach((agent) -> byTenant.computeIfAbsent(agent.tenant(), (tenant) -> new ArrayList<>())
			.add(Sql.bytes(agent.agent())));
		List<Object> values = new ArrayList<>(agents.size() + byTenant.size());
		List<String> conditions = new ArrayList<>();
		byTenant.forEach((tenant, ids) -> {
			for (int from = 0; from < ids.size(); from += LONGEST_LIST) {
				List<byte[]> some = ids.subList(from, Math.min(ids.size(), from + LONGEST_LIST));
				conditions.add("(a.tenant = ? AND a.agent IN (" + list("?", some.size()) + "))");
				values.add(Sql.bytes(tenant));
				values.addAll(some);
			}
		});
		return new AgentKeys(String.join(" OR ", conditions), values);
	}

	/** Repeats the item this many times, with commas between. */
	static String list(String item, int count) {
		return String.join(", ", Collections.nCopies(count, item));
	}

}
