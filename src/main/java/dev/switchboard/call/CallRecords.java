package dev.switchboard.call;

import java.time.Duration;
import java.util.function.Function;

import dev.switchboard.database.Database;
import dev.switchboard.database.DirectoryUnavailableException;
import dev.switchboard.database.StatementKind;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The calls that outlive their request: asynchronous ones, and those with an idempotency
 * key. All methods are thread-safe and nothing happens before subscription; signals come
 * on the directory's threads.
 */
public final class CallRecords {

	/** How long what a caller does not wait for is tried while the database is away. */
	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private final NodeId self;

	private final Database database;

	public CallRecords(NodeId self, Database database) {
		this.self = self;
		this.database = database;
	}

	/**
	 * Records a pending call of this node. Of calls with the same tenant, agent, caller
	 * and key exactly one is recorded, whatever nodes they come to.
	 * @param call the call; if it has no key it is always the one
	 * @param limit how long the directory may be silent
	 * @return the call's own record, or that of the earlier call with its key: their ids
	 * tell which. After a {@link DirectoryUnavailableException} it may have been recorded
	 */
	public Mono<CallRecord> begin(NewCall call, Duration limit) {
		return Database.within(limit,
				this.database.request(StatementKind.BEGIN, (connection) -> begin(connection, call)));
	}

	/** A second time if the earlier call with the key has expired. */
	private Mono<CallRecord> begin(Connection connection, NewCall call) {
		Mono<CallRecord> holder = CallTable.insert(connection, call, this.self)
			.then(Mono.defer(() -> CallTable.holder(connection, call)));
		return holder.repeatWhenEmpty((empty) -> empty.concatMap((again) -> CallTable.removeExpired(connection, call)));
	}

	/**
	 * Ends a pending call. It is tried for some minutes until the database answers.
	 * @param id the call
	 * @param outcome what it ended with
	 * @param keep how long the record stays from now on
	 * @return whether this ended it; false if it had ended, or is not there, or if this
	 * ended it but the answer was lost and it was tried again: the record tells
	 */
	public Mono<Boolean> end(CallId id, Payload outcome, Duration keep) {
		byte[] json = outcome.toBytes();
		return patiently(StatementKind.END, (connection) -> CallTable.end(connection, id, json, keep));
	}

	/**
	 * Drops a call that was never sent, and so frees its key. It is tried for some
	 * minutes until the database answers.
	 */
	public Mono<Void> forget(CallId id) {
		return patiently(StatementKind.FORGET, (connection) -> CallTable.remove(connection, id)).then();
	}

	/**
	 * Looks a call up.
	 * @param tenant the tenant that it must belong to
	 * @param id the call
	 * @param limit how long the directory may be silent
	 * @return the call; empty if there is none, or no longer; or
	 * {@link DirectoryUnavailableException}
	 */
	public Mono<CallRecord> find(String tenant, CallId id, Duration limit) {
		return Database.within(limit,
				this.database.request(StatementKind.FIND, (connection) -> CallTable.find(connection, tenant, id)));
	}

	private <T> Mono<T> patiently(StatementKind kind, Function<Connection, Mono<T>> work) {
		Retry untilAnswered = Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
			.maxBackoff(Duration.ofSeconds(5))
			.filter(DirectoryUnavailableException.class::isInstance);
		return Database.within(PATIENCE, this.database.request(kind, work).retryWhen(untilAnswered));
	}

}
