package dev.switchboard.push;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.switchboard.database.Sha256;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Decides which pushes of a batch may be stored: whether an earlier push has their key,
 * and whether there is room for them.
 */
final class PushCheck {

	private final PushSettings settings;

	private final TenantAmounts amounts;

	private final DurablePushMetrics metrics;

	private final Map<Sha256, ScopeHolder> holders = new HashMap<>();

	private final Map<AgentId, Long> waiting = new HashMap<>();

	private final Set<CollapsiblePush.Slot> taken = new HashSet<>();

	private final Set<Sha256> newScopes = new HashSet<>();

	private PushCheck(PushSettings settings, TenantAmounts amounts, DurablePushMetrics metrics) {
		this.settings = settings;
		this.amounts = amounts;
		this.metrics = metrics;
	}

	/** Reads what the decision about a batch needs. Writes nothing. */
	static Mono<PushCheck> read(Connection connection, List<PushRequest> batch, PushSettings settings,
			TenantAmounts amounts, DurablePushMetrics metrics) {
		PushCheck check = new PushCheck(settings, amounts, metrics);
		List<Sha256> scopes = batch.stream().map((each) -> each.push().scope()).filter(Objects::nonNull).toList();
		Map<String, Integer> tenants = batch.stream()
			.collect(Collectors.toMap((each) -> each.agent().tenant(), (_) -> 1, Integer::sum));
		return check.readHolders(connection, scopes)
			.then(Mono.defer(() -> WaitingTable.counts(connection, agents(batch, (_) -> true))))
			.doOnNext(check.waiting::putAll)
			.then(Mono.defer(() -> check.readSlots(connection, agents(batch, check::collapsesAtTheLimit))))
			.then(Mono.defer(() -> amounts.prepare(connection, tenants)))
			.thenReturn(check);
	}

	private static List<AgentId> agents(List<PushRequest> batch, Function<PushRequest, Boolean> which) {
		return batch.stream().filter(which::apply).map(PushRequest::agent).distinct().toList();
	}

	private boolean collapsesAtTheLimit(PushRequest request) {
		return request.push().collapseKey() != null && isFull(request.agent());
	}

	private boolean isFull(AgentId agent) {
		return this.waiting.getOrDefault(agent, 0L) >= this.settings.maxWaitingPerAgent();
	}

	private Mono<Void> readHolders(Connection connection, List<Sha256> scopes) {
		return scopes.isEmpty() ? Mono.empty()
				: PushTable.holders(connection, scopes)
					.doOnNext((found) -> found.forEach((holder) -> this.holders.put(holder.scope(), holder)))
					.then();
	}

	private Mono<Void> readSlots(Connection connection, List<AgentId> agents) {
		return agents.isEmpty() ? Mono.empty()
				: PushTable.collapsible(connection, agents)
					.doOnNext((found) -> found.forEach((push) -> this.taken.add(push.slot())))
					.then();
	}

	/**
	 * Answers the requests that store nothing.
	 * @param later takes the requests that the next batch has to decide
	 * @return the requests whose pushes are to be stored
	 */
	List<PushRequest> accept(List<PushRequest> batch, List<PushRequest> later) {
		List<PushRequest> accepted = new ArrayList<>();
		for (PushRequest request : batch) {
			Sha256 scope = request.push().scope();
			ScopeHolder holder = (scope != null) ? this.holders.get(scope) : null;
			if (holder != null) {
				repeat(request, holder);
			}
			else if (scope != null && !this.newScopes.add(scope)) {
				later.add(request);
			}
			else if (hasRoom(request)) {
				accepted.add(request);
			}
		}
		return accepted;
	}

	/** Answers a request whose key an earlier push has. */
	static void repeat(PushRequest request, ScopeHolder holder) {
		DurablePush.Key key = Objects.requireNonNull(request.push().key());
		if (holder.bodyHash().equals(key.bodyHash())) {
			request.stored(holder.push());
		}
		else {
			request.refuse(new ProblemException(Problem.IDEMPOTENCY_MISMATCH,
					"The Idempotency-Key was used with another body"));
		}
	}

	private boolean hasRoom(PushRequest request) {
		AgentId agent = request.agent();
		boolean replaces = this.taken.contains(slot(request.push()));
		if (isFull(agent) && !replaces) {
			refuse(request, "agent",
					this.settings.maxWaitingPerAgent() + " pushes wait for the agent, as many as may wait for one");
			return false;
		}
		if (!replaces && !this.amounts.take(agent.tenant())) {
			refuse(request, "tenant", "As many pushes wait for the tenant's agents as may wait for one tenant: "
					+ this.amounts.limit(agent.tenant()) + " (its quota durablePushes)");
			return false;
		}
		if (!replaces) {
			this.waiting.merge(agent, 1L, Long::sum);
		}
		return true;
	}

	private static CollapsiblePush.@Nullable Slot slot(DurablePush push) {
		return (push.collapseKey() != null) ? new CollapsiblePush.Slot(push.agent(), push.collapseKey()) : null;
	}

	private void refuse(PushRequest request, String limit, String detail) {
		this.metrics.refused(limit);
		request.refuse(new ProblemException(Problem.TOO_MANY_REQUESTS, detail));
	}

}
