package dev.switchboard.push;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.routing.DirectoryQueries;
import dev.switchboard.tenant.Admittance;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/**
 * Stores, shows and cancels durable pushes. Any node may be asked about any agent. All
 * methods are thread-safe. Nothing happens before subscription. Failures are errors of
 * {@link ProblemException}.
 */
public final class DurablePushes {

	private final Database database;

	private final AgentDirectory directory;

	private final ConnectionRegistry registry;

	private final Admittance admittance;

	private final PushWriter writer;

	private final PushNotices notices;

	private final DurablePushMetrics metrics;

	DurablePushes(Database database, AgentDirectory directory, ConnectionRegistry registry, Admittance admittance,
			PushSettings settings, TenantAmounts amounts, PushNotices notices, DurablePushMetrics metrics) {
		this.database = database;
		this.directory = directory;
		this.registry = registry;
		this.admittance = admittance;
		this.notices = notices;
		this.metrics = metrics;
		this.writer = new PushWriter(database, this::known, settings, amounts, metrics, notices::add);
	}

	/** Finds those of the agents that are connected to this node or were seen before. */
	private Mono<List<AgentId>> known(List<AgentId> agents) {
		List<AgentId> known = new ArrayList<>(
				agents.stream().filter((agent) -> this.registry.find(agent) != null).toList());
		List<AgentId> others = agents.stream().filter((agent) -> !known.contains(agent)).toList();
		return this.directory.findAll(others, DirectoryQueries.LONGEST_SILENCE).map((found) -> {
			found.stream().map(AgentRecord::agent).forEach(known::add);
			return known;
		});
	}

	/**
	 * Stores a push, which is sent as soon as its agent is connected.
	 * @return the id of the push, or of the earlier push that has its idempotency key; it
	 * comes when the push is stored. The problem's outcome says whether it may be stored
	 * after a failure
	 */
	public Mono<CallId> store(DurablePush push) {
		ProblemException refusal = this.admittance.refusal(push.agent());
		return (refusal != null) ? Mono.error(refusal) : this.writer.store(push);
	}

	/** Finds a push of a tenant, until 24 hours after its end. */
	public Mono<StoredPush> find(String tenant, CallId id) {
		return request((connection) -> PushTable.find(connection, tenant, id))
			.switchIfEmpty(Mono.error(DurablePushes::unknown));
	}

	/**
	 * Cancels a push. What its agent has got already it keeps.
	 * @return the push as it then stands
	 */
	public Mono<StoredPush> cancel(String tenant, CallId id) {
		return find(tenant, id).flatMap((push) -> (push.outcome() != PushOutcome.QUEUED) ? Mono.just(push)
				: request((connection) -> PushTable.end(connection, List.of(id), PushOutcome.CANCELLED))
					.doOnNext((cancelled) -> cancelled(push, cancelled))
					.then(Mono.defer(() -> find(tenant, id))));
	}

	/** Lets the agent's node send another one, if this one was on its way. */
	private void cancelled(StoredPush push, long count) {
		this.metrics.ended(PushOutcome.CANCELLED, count);
		if (count > 0) {
			this.notices.add(new PushNotice(push.agent(), null));
		}
	}

	/**
	 * Lists the pushes that wait for an agent, in the order in which they were stored.
	 * @param after the sequence number after which the page begins; 0 for the first page
	 * @param limit the most pushes on the page
	 */
	public Mono<PushPage> waiting(AgentId agent, long after, int limit) {
		return request((connection) -> PushTable.waiting(connection, agent, after, limit + 1))
			.map((found) -> PushPage.of(found, limit))
			.flatMap((page) -> page.pushes().isEmpty()
					? known(List.of(agent)).flatMap(
							(known) -> known.isEmpty() ? Mono.error(DirectoryQueries::agentUnknown) : Mono.just(page))
					: Mono.just(page))
			.onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown());
	}

	private <T> Mono<T> request(Function<Connection, Mono<T>> work) {
		return Database.forCaller(DirectoryQueries.LONGEST_SILENCE, this.database.request("push-find", work));
	}

	private static ProblemException unknown() {
		return new ProblemException(Problem.PUSH_UNKNOWN, "There is no such durable push");
	}

}
