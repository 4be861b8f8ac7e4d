package dev.switchboard.call;

import java.time.Duration;
import java.util.function.Function;

import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.DirectoryQueries;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/** Keeps recorded calls in the directory's database. */
public final class DirectoryCallStore implements CallStore {

	/**
	 * How long a statement is tried. Callers that wait for it have limits of their own.
	 */
	private static final Duration PATIENCE = Duration.ofMinutes(5);

	/**
	 * How long freeing a key is tried. After this time the record with the key expires in
	 * any case.
	 */
	private static final Duration KEY_PATIENCE = Duration.ofHours(24);

	/**
	 * How long the row of a call with a key stays without a confirmation. No caller waits
	 * longer for the recording of its call. So if the statement that inserts the row has
	 * waited for a lock until the caller was told that the call was not sent, the row is
	 * expired from the beginning, even if the node has died meanwhile.
	 */
	private static final Duration RESERVATION = DirectoryQueries.LONGEST_SILENCE;

	/**
	 * How often one request tries to insert its call. A request needs more than two tries
	 * only if records with its key appear and expire meanwhile.
	 */
	private static final int MOST_INSERTS = 10;

	private final NodeId self;

	private final Database database;

	private final Backoff pauses;

	public DirectoryCallStore(NodeId self, Database database, Chance chance) {
		this.self = self;
		this.database = database;
		this.pauses = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance);
	}

	@Override
	public Mono<StoredCall> begin(NewCall call) {
		return Database.within(PATIENCE, this.database.request("begin", (connection) -> begin(connection, call)));
	}

	/**
	 * Inserts a call, and returns the recorded call. If neither this call nor an earlier
	 * one is found, an expired call has the key. Then the expired call is removed, and
	 * the new call is inserted again.
	 */
	private Mono<StoredCall> begin(Connection connection, NewCall call) {
		Duration keep = (call.key() != null) ? RESERVATION : call.keep();
		Mono<StoredCall> holder = CallTable.insert(connection, call, this.self, keep)
			.flatMap((inserted) -> CallTable.holder(connection, call)
				.switchIfEmpty(inserted ? Mono.error(DirectoryCallStore::tooLate) : Mono.empty()))
			.flatMap((record) -> confirmed(connection, call, record));
		return holder
			.repeatWhenEmpty(MOST_INSERTS, (empty) -> empty.concatMap((_) -> CallTable.removeExpired(connection, call)))
			.onErrorMap(IllegalStateException.class,
					(failure) -> new DatabaseUnavailableException("the key changes hands too fast", failure));
	}

	/** Confirms the record of a call that has a key, unless it is of an earlier call. */
	private static Mono<StoredCall> confirmed(Connection connection, NewCall call, StoredCall record) {
		if (call.key() == null || !record.id().equals(call.id())) {
			return Mono.just(record);
		}
		return CallTable.confirm(connection, call)
			.filter((confirmed) -> confirmed)
			.map((_) -> record.kept(call.keep()))
			.switchIfEmpty(Mono.error(DirectoryCallStore::tooLate));
	}

	private static DatabaseUnavailableException tooLate() {
		return new DatabaseUnavailableException("the call was recorded too late", null);
	}

	@Override
	public Mono<Boolean> end(CallId id, Payload outcome, Duration keep) {
		byte[] json = outcome.toBytes();
		return patiently("end", PATIENCE, (connection) -> CallTable.end(connection, id, json, keep));
	}

	@Override
	public Mono<Void> settle(NewCall call, Payload outcome, Duration keep) {
		byte[] json = outcome.toBytes();
		return patiently("settle", KEY_PATIENCE,
				(connection) -> CallTable.settle(connection, call, this.self, json, keep))
			.then();
	}

	@Override
	public Mono<StoredCall> find(String tenant, CallId id, Duration limit) {
		return Database.within(limit,
				this.database.request("find", (connection) -> CallTable.find(connection, tenant, id)));
	}

	private <T> Mono<T> patiently(String statement, Duration patience, Function<Connection, Mono<T>> work) {
		return Database.within(patience, this.database.request(statement, work)
			.retryWhen(this.pauses.whileFailing(DatabaseUnavailableException.class::isInstance)));
	}

}
