package dev.switchboard.push;

import java.time.Duration;
import java.util.List;

import dev.switchboard.database.Sha256;
import dev.switchboard.database.Sql;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The statements on durable pushes, for tests of other rooms. */
public final class PushStatements {

	private PushStatements() {
	}

	/** Makes a push, whose key is null if it has none. */
	public static DurablePush push(CallId id, AgentId agent, String text, Duration timeToLive,
			@Nullable String collapseKey, @Nullable String key) {
		DurablePush push = new DurablePush(id, agent, text, Payload.of(Sql.bytes("\"" + text + "\"")), timeToLive,
				collapseKey, null);
		return (key != null) ? push.keyed(new DurablePush.Key(key, text, Sha256.of(Sql.bytes(text)))) : push;
	}

	/** Inserts a push, and gives whether no other one has its id or its key. */
	public static Mono<Boolean> insert(Connection connection, DurablePush push) {
		return PushTable.insert(connection, List.of(push))
			.thenReturn(true)
			.onErrorReturn(R2dbcDataIntegrityViolationException.class, false);
	}

	public static Mono<?> holder(Connection connection, DurablePush push) {
		Sha256 scope = push.scope();
		return (scope != null) ? PushTable.holders(connection, List.of(scope)) : Mono.empty();
	}

	/** Replaces waiting pushes by later ones with the same collapse keys. */
	public static Mono<?> collapse(Connection connection, List<AgentId> agents) {
		return PushTable.collapsible(connection, agents)
			.map(CollapsiblePush::replaced)
			.flatMap((replaced) -> replaced.isEmpty() ? Mono.just(0L)
					: PushTable.end(connection, replaced, PushOutcome.REPLACED));
	}

	public static Mono<?> cancel(Connection connection, CallId push) {
		return PushTable.end(connection, List.of(push), PushOutcome.CANCELLED);
	}

	public static Mono<?> acknowledge(Connection connection, List<CallId> pushes) {
		return WaitingTable.acknowledge(connection, pushes);
	}

	public static Mono<?> sent(Connection connection, List<CallId> pushes) {
		return WaitingTable.sent(connection, pushes);
	}

	public static Mono<?> announced(Connection connection, List<CallId> pushes) {
		return WaitingTable.announced(connection, pushes);
	}

	public static Mono<?> find(Connection connection, String tenant, CallId push) {
		return PushTable.find(connection, tenant, push);
	}

	/** Lists what waits for an agent. */
	public static Mono<?> list(Connection connection, AgentId agent, int limit) {
		return PushTable.waiting(connection, agent, 0, limit);
	}

	public static Mono<?> next(Connection connection, AgentId agent, List<CallId> without, int limit) {
		return WaitingTable.next(connection, agent, without, limit)
			.map((found) -> found.stream().map((push) -> push.id() + push.frame().payload().text()).toList());
	}

	/** Counts what waits for a tenant, up to a limit. */
	public static Mono<?> count(Connection connection, String tenant, int limit) {
		return WaitingTable.count(connection, tenant, limit);
	}

	public static Mono<Long> expire(Connection connection, int limit) {
		return PushExpiry.due(connection, limit).flatMap((due) -> PushExpiry.expire(connection, due));
	}

	public static Mono<Long> remove(Connection connection, int limit) {
		return PushExpiry.remove(connection, limit);
	}

	/** Counts what was announced by nobody for some time. */
	public static Mono<?> unannounced(Connection connection, Duration age) {
		return WaitingTable.unannounced(connection, age.toMillis() * 1000, 100).map(List::size);
	}

}
