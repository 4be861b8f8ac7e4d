package dev.switchboard.directory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.push.DurablePush;
import dev.switchboard.push.PushStatements;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/** Draws the steps of durable pushes. */
final class PushSteps {

	private static final List<String> KEYS = List.of("k", "K");

	private final HistoryNames names;

	private final List<DurablePush> stored = new ArrayList<>();

	PushSteps(HistoryNames names) {
		this.names = names;
	}

	HistoryStep next() {
		int kind = this.names.below(16);
		if (kind < 5 || this.stored.isEmpty()) {
			return store();
		}
		return switch (kind) {
			case 5 -> ids("push-ack", PushStatements::acknowledge);
			case 6 -> ids("push-sent", PushStatements::sent);
			case 7 -> ids("push-announced", PushStatements::announced);
			case 8 -> cancel();
			case 9 -> find();
			case 10 -> agent();
			case 11 -> next(ids());
			case 12 -> count();
			case 13 -> expire();
			case 14 -> collapse();
			default -> holder();
		};
	}

	private HistoryStep store() {
		Duration timeToLive = Duration.ofSeconds(1 + this.names.below(this.names.chance(2) ? 10 : 100_000));
		DurablePush push = PushStatements.push(new CallId(this.names.uuid()), this.names.agent(), this.names.text(),
				timeToLive, this.names.chance(2) ? this.names.any(KEYS) : null,
				this.names.chance(3) ? this.names.any(KEYS) : null);
		this.stored.add(push);
		return step(
				"push-store " + push.id() + " to " + push.agent() + ", ttl " + timeToLive + ", collapses "
						+ push.collapseKey() + ", has a key " + (push.key() != null),
				(connection) -> PushStatements.insert(connection, push));
	}

	private static HistoryStep step(String line, Function<Connection, Mono<?>> work) {
		return new HistoryStep(line,
				(world) -> world.upkeep((connection) -> work.apply(connection).cast(Object.class)));
	}

	private List<CallId> ids() {
		return Stream.generate(() -> this.names.any(this.stored).id())
			.limit(1 + this.names.below(3))
			.distinct()
			.toList();
	}

	private HistoryStep ids(String kind, Update update) {
		List<CallId> ids = ids();
		return step(kind + " " + ids, (connection) -> update.of(connection, ids));
	}

	private HistoryStep cancel() {
		CallId id = this.names.any(this.stored).id();
		return step("push-cancel " + id, (connection) -> PushStatements.cancel(connection, id));
	}

	private HistoryStep find() {
		DurablePush push = this.names.any(this.stored);
		String tenant = this.names.chance(3) ? this.names.agent().tenant() : push.agent().tenant();
		return step("push-find " + push.id() + " of " + tenant,
				(connection) -> PushStatements.find(connection, tenant, push.id()));
	}

	private HistoryStep agent() {
		AgentId agent = this.names.agent();
		int limit = 1 + this.names.below(3);
		return step("push-list " + limit + " of " + agent,
				(connection) -> PushStatements.list(connection, agent, limit));
	}

	private HistoryStep next(List<CallId> without) {
		AgentId agent = this.names.any(this.stored).agent();
		return step("push-next of " + agent + " without " + without,
				(connection) -> PushStatements.next(connection, agent, without, 3));
	}

	private HistoryStep count() {
		String tenant = this.names.agent().tenant();
		int limit = 1 + this.names.below(5);
		Duration age = Duration.ofSeconds(this.names.below(20));
		return step("push-count of " + tenant + " up to " + limit + ", announced by nobody for " + age,
				(connection) -> PushStatements.count(connection, tenant, limit)
					.zipWith(PushStatements.unannounced(connection, age)));
	}

	private HistoryStep expire() {
		int limit = 1 + this.names.below(3);
		return new HistoryStep("push-expire, " + limit + " at a time",
				(world) -> world.inBatches(limit, PushStatements::expire)
					.zipWith(world.inBatches(limit, PushStatements::remove)));
	}

	private HistoryStep collapse() {
		List<AgentId> agents = Stream.generate(this.names::agent).limit(2).distinct().toList();
		return step("push-collapse " + agents, (connection) -> PushStatements.collapse(connection, agents));
	}

	private HistoryStep holder() {
		DurablePush push = this.names.any(this.stored);
		return step("push-holder of the key of " + push.id(), (connection) -> PushStatements.holder(connection, push));
	}

	/** A statement that changes pushes. */
	private interface Update {

		Mono<?> of(Connection connection, List<CallId> pushes);

	}

}
