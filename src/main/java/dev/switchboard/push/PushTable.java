package dev.switchboard.push;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Sha256;
import dev.switchboard.database.Sql;
import dev.switchboard.directory.AgentKeys;
import dev.switchboard.directory.AgentTable;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The statements that store, show and end durable pushes. Each is a statement of its own
 * and no transaction, so that a node that is paused holds no row locked. Each that ends
 * pushes changes only those that wait, so an outcome never changes again.
 */
final class PushTable {

	/** How long the row of a push stays after the push has ended. */
	static final long KEPT_MICROS = TimeUnit.HOURS.toMicros(24);

	/** The condition on a push that waits. */
	static final String WAITS = "ended = 0 AND expires > " + Sql.CLOCK;

	private static final String INSERT = "INSERT INTO pushes (id, tenant, agent, method, payload, collapse_key, scope, "
			+ "body_hash, ended, outcome, queued_at, unannounced, expires) VALUES ";

	private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, 0, 0, " + Sql.CLOCK + ", " + Sql.CLOCK + ", "
			+ Sql.CLOCK + " + ?)";

	/** The sweep gives a push its outcome late; whoever reads sees it in time. */
	private static final String SELECT = "SELECT seq, id, tenant, agent, method, queued_at, sent_at, "
			+ "CASE WHEN ended = 0 AND expires <= " + Sql.CLOCK + " THEN " + PushOutcome.EXPIRED.stored()
			+ " ELSE outcome END AS outcome, CASE WHEN ended = 0 AND expires <= " + Sql.CLOCK
			+ " THEN expires ELSE ended_at END AS ended_at FROM pushes WHERE ";

	private static final String END = "UPDATE pushes SET ended = 1, outcome = ?, ended_at = " + Sql.CLOCK
			+ ", expires = " + Sql.CLOCK + " + ?, payload = NULL, unannounced = NULL WHERE id IN (%s) AND ended = 0 "
			+ "AND expires > " + Sql.CLOCK;

	private PushTable() {
	}

	/**
	 * Inserts pushes in this order.
	 * @return completes; an error of a violated key if an id or a scope is there already,
	 * and then nothing is inserted
	 */
	static Mono<Long> insert(Connection connection, List<DurablePush> pushes) {
		List<@Nullable Object> values = new ArrayList<>();
		pushes.forEach((push) -> addValues(push, values));
		return Sql.update(connection, INSERT + Sql.list(ROW, pushes.size()), values.toArray());
	}

	private static void addValues(DurablePush push, List<@Nullable Object> values) {
		Sha256 scope = push.scope();
		values.add(push.id().value());
		values.add(Sql.bytes(push.agent().tenant()));
		values.add(Sql.bytes(push.agent().agent()));
		values.add(Sql.bytes(push.method()));
		values.add(push.payload().toBytes());
		values.add((push.collapseKey() != null) ? Sql.bytes(push.collapseKey()) : null);
		values.add((scope != null) ? scope.toBytes() : null);
		values.add((push.key() != null) ? push.key().bodyHash().toBytes() : null);
		values.add(TimeUnit.SECONDS.toMicros(push.timeToLive().toSeconds()));
	}

	/** Finds the pushes that have these scopes. */
	static Mono<List<ScopeHolder>> holders(Connection connection, List<Sha256> scopes) {
		return Sql.select(connection,
				"SELECT scope, id, body_hash FROM pushes WHERE scope IN (" + Sql.list("?", scopes.size()) + ")",
				ScopeHolder::read, scopes.stream().map(Sha256::toBytes).toArray());
	}

	/** Finds the pushes that wait for agents and have a collapse key. */
	static Mono<List<CollapsiblePush>> collapsible(Connection connection, List<AgentId> agents) {
		AgentKeys keys = AgentKeys.of(agents);
		return Sql.select(connection,
				"SELECT a.seq, a.id, a.tenant, a.agent, a.collapse_key FROM pushes a WHERE (" + keys.condition()
						+ ") AND collapse_key IS NOT NULL AND " + WAITS,
				CollapsiblePush::read, keys.values().toArray());
	}

	/**
	 * Ends pushes that wait.
	 * @return how many of them waited
	 */
	static Mono<Long> end(Connection connection, List<CallId> pushes, PushOutcome outcome) {
		List<Object> values = new ArrayList<>(List.of(outcome.stored(), KEPT_MICROS));
		pushes.forEach((push) -> values.add(push.value()));
		return Sql.update(connection, END.formatted(Sql.list("?", pushes.size())), values.toArray());
	}

	/** Finds a push of a tenant, until 24 hours after its end. */
	static Mono<StoredPush> find(Connection connection, String tenant, CallId push) {
		return Sql
			.select(connection,
					SELECT + "id = ? AND tenant = ? AND (ended = 1 OR expires > " + Sql.CLOCK
							+ " - ?) AND (ended = 0 OR expires > " + Sql.CLOCK + ")",
					PushTable::read, push.value(), Sql.bytes(tenant), KEPT_MICROS)
			.flatMap((found) -> Mono.justOrEmpty(found.stream().findFirst()));
	}

	/** Lists the pushes that wait for an agent, from the one after a sequence number. */
	static Mono<List<StoredPush>> waiting(Connection connection, AgentId agent, long after, int limit) {
		return Sql.select(connection,
				SELECT + "tenant = ? AND agent = ? AND " + WAITS + " AND seq > ? ORDER BY seq LIMIT ?", PushTable::read,
				Sql.bytes(agent.tenant()), Sql.bytes(agent.agent()), after, limit);
	}

	private static StoredPush read(Readable row) {
		return new StoredPush(Sql.number(row, "seq"), new CallId(Sql.uuid(row, "id")), AgentTable.agent(row),
				Sql.text(blob(row, "method")), PushOutcome.of(Sql.integer(row, "outcome")),
				Sql.instant(row, "queued_at"), optional(row, "sent_at"), optional(row, "ended_at"));
	}

	static byte[] blob(Readable row, String column) {
		byte[] bytes = Sql.blob(row, column);
		return (bytes != null) ? bytes : new byte[0];
	}

	private static @Nullable Instant optional(Readable row, String column) {
		Long micros = row.get(column, Long.class);
		return (micros != null) ? Sql.instant(micros) : null;
	}

}
