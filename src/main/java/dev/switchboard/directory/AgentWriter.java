package dev.switchboard.directory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Stores claims and releases in the table of agents, many in one statement. */
final class AgentWriter {

	/** Rows in one order whoever writes, so that two nodes' batches never deadlock. */
	private static final Comparator<AgentWrite> BY_KEY = Comparator
		.comparing((AgentWrite write) -> write.claim().agent().tenant())
		.thenComparing((write) -> write.claim().agent().agent());

	private static final String INSERT = "INSERT INTO agents "
			+ "(tenant, agent, node, connection_id, epoch, connected_at, last_seen, remote_address) VALUES ";

	private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?)";

	/** H2 takes a parenthesis before VALUES for a table, so the columns come first. */
	private static final String NEWER = "epoch < VALUES(epoch) "
			+ "OR (epoch = VALUES(epoch) AND connection_id = VALUES(connection_id))";

	/** MySQL assigns from left to right, so the epoch, which decides, comes last. */
	private static final String UPDATE = " ON DUPLICATE KEY UPDATE " + newer("node") + ", " + newer("connected_at")
			+ ", " + newer("last_seen") + ", " + newer("remote_address") + ", " + newer("connection_id") + ", "
			+ newer("epoch");

	/** The connection that an agent's row names. */
	private record Owner(AgentId agent, long epoch, UUID connection) {

		static Owner read(Readable row) {
			return new Owner(AgentTable.agent(row), Sql.number(row, "epoch"), Sql.uuid(row, "connection_id"));
		}

		boolean is(Claim claim) {
			return this.epoch == claim.epoch() && this.connection.equals(claim.connection().value());
		}

	}

	private final NodeId self;

	/**
	 * @param self the node whose claims are written
	 */
	AgentWriter(NodeId self) {
		this.self = self;
	}

	private static String newer(String column) {
		return column + " = CASE WHEN " + NEWER + " THEN VALUES(" + column + ") ELSE " + column + " END";
	}

	/**
	 * Stores claims and releases. Each takes effect over a lower epoch, and over its own.
	 * @return which claims hold their agents afterwards, or would but for a release that
	 * followed; of releases it says nothing
	 */
	Mono<Predicate<AgentWrite>> store(Connection connection, List<AgentWrite> batch) {
		List<@Nullable Object> values = new ArrayList<>(batch.size() * 8);
		batch.stream().sorted(BY_KEY).forEach((write) -> addRow(values, write));
		return Sql.update(connection, INSERT + list(ROW, batch.size()) + UPDATE, values.toArray())
			.then(Mono.defer(() -> owners(connection, batch)))
			.map((owners) -> (write) -> holds(owners, write.claim()));
	}

	private void addRow(List<@Nullable Object> values, AgentWrite write) {
		Claim claim = write.claim();
		values.add(Sql.bytes(claim.agent().tenant()));
		values.add(Sql.bytes(claim.agent().agent()));
		values.add(write.isClaim() ? this.self.value() : null);
		values.add(claim.connection().value());
		values.add(claim.epoch());
		values.add(DirectoryClock.micros(claim.connectedAt()));
		values.add(DirectoryClock.micros(write.lastSeen()));
		values.add(claim.remoteAddress());
	}

	private static Mono<Map<AgentId, Owner>> owners(Connection connection, List<AgentWrite> batch) {
		Map<String, List<byte[]>> claimed = new TreeMap<>();
		batch.stream()
			.filter(AgentWrite::isClaim)
			.map((write) -> write.claim().agent())
			.distinct()
			.forEach((id) -> claimed.computeIfAbsent(id.tenant(), (tenant) -> new ArrayList<>())
				.add(Sql.bytes(id.agent())));
		return claimed.isEmpty() ? Mono.just(Map.of()) : owners(connection, claimed);
	}

	private static Mono<Map<AgentId, Owner>> owners(Connection connection, Map<String, List<byte[]>> claimed) {
		List<Object> values = new ArrayList<>();
		List<String> conditions = new ArrayList<>();
		claimed.forEach((tenant, agents) -> {
			conditions.add("(tenant = ? AND agent IN (" + list("?", agents.size()) + "))");
			values.add(Sql.bytes(tenant));
			values.addAll(agents);
		});
		String sql = "SELECT tenant, agent, epoch, connection_id FROM agents WHERE " + String.join(" OR ", conditions);
		return Sql.select(connection, sql, Owner::read, values.toArray()).map(AgentWriter::byAgent);
	}

	private static Map<AgentId, Owner> byAgent(List<Owner> found) {
		Map<AgentId, Owner> owners = HashMap.newHashMap(found.size());
		found.forEach((owner) -> owners.put(owner.agent(), owner));
		return owners;
	}

	private static boolean holds(Map<AgentId, Owner> owners, Claim claim) {
		Owner owner = owners.get(claim.agent());
		return owner != null && owner.is(claim);
	}

	private static String list(String item, int count) {
		return String.join(", ", Collections.nCopies(count, item));
	}

}
