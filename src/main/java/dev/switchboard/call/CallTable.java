package dev.switchboard.call;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Sha256;
import dev.switchboard.database.Sql;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The statements on the table of recorded calls. */
public final class CallTable {

	private static final String INSERT = "INSERT INTO calls (id, tenant, agent, caller, idempotency_key, scope, "
			+ "body_hash, node, ended, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, " + Sql.CLOCK + ", "
			+ Sql.CLOCK + " + ?)";

	/**
	 * Stores a call as ended and takes its key away, whether or not the call has a row.
	 * If the statement {@link #INSERT} for the same call comes later, this row makes that
	 * statement fail.
	 */
	private static final String SETTLE = "INSERT INTO calls (id, tenant, agent, caller, body_hash, node, ended, "
			+ "outcome, created, expires) VALUES (?, ?, ?, ?, ?, ?, 1, ?, " + Sql.CLOCK + ", " + Sql.CLOCK + " + ?) "
			+ "ON DUPLICATE KEY UPDATE scope = NULL, ended = 1, outcome = VALUES(outcome), expires = VALUES(expires)";

	private static final String SELECT = "SELECT c.*, n.state FROM calls c LEFT JOIN nodes n ON n.id = c.node WHERE ";

	private static final String CURRENT = " AND c.expires > " + Sql.CLOCK;

	private CallTable() {
	}

	/**
	 * Inserts a call, unless the table has the call already or has a call with the same
	 * scope. The statement is a plain insert, because concurrent upserts deadlock. If a
	 * unique key refuses the row, nothing is inserted.
	 * @param keep how long the row stays, counted from the beginning of the statement
	 * @return whether the row was inserted
	 */
	static Mono<Boolean> insert(Connection connection, NewCall call, NodeId node, Duration keep) {
		return Sql
			.update(connection, INSERT, call.id().value(), Sql.bytes(call.agent().tenant()),
					Sql.bytes(call.agent().agent()), Sql.bytes(call.caller()), bytes(call.key()), scope(call),
					call.bodyHash().toBytes(), node.value(), micros(keep))
			.thenReturn(true)
			.onErrorReturn(R2dbcDataIntegrityViolationException.class, false);
	}

	/**
	 * Lets the row of a pending call stay as long as the call asks for.
	 * @return false if the row has expired or is not in the table
	 */
	static Mono<Boolean> confirm(Connection connection, NewCall call) {
		return Sql
			.update(connection,
					"UPDATE calls SET expires = created + ? WHERE id = ? AND ended = 0 AND expires > " + Sql.CLOCK,
					micros(call.keep()), call.id().value())
			.map((rows) -> rows > 0);
	}

	/**
	 * Finds the recorded call with the scope of a new call. If the new call has no key,
	 * finds the recorded call with its id. Expired calls are not found.
	 */
	static Mono<StoredCall> holder(Connection connection, NewCall call) {
		byte[] scope = scope(call);
		return (scope != null)
				? first(Sql.select(connection, SELECT + "c.scope = ?" + CURRENT, CallTable::read, (Object) scope))
				: first(Sql.select(connection, SELECT + "c.id = ?" + CURRENT, CallTable::read, call.id().value()));
	}

	static Mono<StoredCall> find(Connection connection, String tenant, CallId id) {
		return first(Sql.select(connection, SELECT + "c.id = ? AND c.tenant = ?" + CURRENT, CallTable::read, id.value(),
				Sql.bytes(tenant)));
	}

	/**
	 * Stores the outcome of a pending call.
	 * @return false if the call is not pending or not in the table
	 */
	static Mono<Boolean> end(Connection connection, CallId id, byte[] outcome, Duration keep) {
		return Sql
			.update(connection,
					"UPDATE calls SET ended = 1, outcome = ?, expires = " + Sql.CLOCK
							+ " + ? WHERE id = ? AND ended = 0",
					outcome, micros(keep), id.value())
			.map((rows) -> rows > 0);
	}

	/**
	 * Stores the outcome of a call, whether or not it is in the table, and frees its key.
	 */
	static Mono<Long> settle(Connection connection, NewCall call, NodeId node, byte[] outcome, Duration keep) {
		return Sql.update(connection, SETTLE, call.id().value(), Sql.bytes(call.agent().tenant()),
				Sql.bytes(call.agent().agent()), Sql.bytes(call.caller()), call.bodyHash().toBytes(), node.value(),
				outcome, micros(keep));
	}

	/** Removes an expired call that has the scope of a new call. */
	static Mono<Long> removeExpired(Connection connection, NewCall call) {
		return Sql.update(connection, "DELETE FROM calls WHERE scope = ? AND expires <= " + Sql.CLOCK,
				(Object) scope(call));
	}

	/** Removes some expired calls, and returns how many it removed. */
	public static Mono<Long> expire(Connection connection, int limit) {
		return Sql.update(connection, "DELETE FROM calls WHERE expires <= " + Sql.CLOCK + " LIMIT ?", limit);
	}

	private static Mono<StoredCall> first(Mono<List<StoredCall>> found) {
		return found.flatMap((records) -> Mono.justOrEmpty(records.stream().findFirst()));
	}

	/**
	 * Returns the scope of a call: the hash of its tenant, agent, key and caller, joined
	 * by line breaks. The hash keeps the index short. None of the four contains a line
	 * break, so different values never give the same joined text.
	 */
	private static byte @Nullable [] scope(NewCall call) {
		if (call.key() == null) {
			return null;
		}
		return Sha256.ofLines(call.agent().tenant(), call.agent().agent(), call.key(), call.caller()).toBytes();
	}

	private static byte @Nullable [] bytes(@Nullable String text) {
		return (text != null) ? Sql.bytes(text) : null;
	}

	private static long micros(Duration duration) {
		return TimeUnit.MILLISECONDS.toMicros(duration.toMillis());
	}

	private static StoredCall read(Readable row) {
		byte[] key = row.get("idempotency_key", byte[].class);
		Integer state = row.get("state", Integer.class);
		return new StoredCall(new CallId(Sql.uuid(row, "id")),
				new AgentId(Sql.identifier(row, "tenant"), Sql.identifier(row, "agent")), Sql.identifier(row, "caller"),
				(key != null) ? Sql.text(key) : null, Sha256.stored(Sql.binary(row, "body_hash")),
				new NodeId(Sql.uuid(row, "node")), state == null || NodeState.of(state) == NodeState.DEAD, outcome(row),
				Sql.instant(row, "created"), Sql.instant(row, "expires"));
	}

	private static @Nullable Payload outcome(Readable row) {
		if (Sql.integer(row, "ended") == 0) {
			return null;
		}
		return Payload.of(Objects.requireNonNull(Sql.blob(row, "outcome")));
	}

}
