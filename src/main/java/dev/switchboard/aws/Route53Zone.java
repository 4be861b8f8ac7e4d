package dev.switchboard.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import dev.switchboard.dns.PoolChange;
import dev.switchboard.dns.PoolEntry;
import dev.switchboard.dns.PoolName;
import dev.switchboard.dns.Zone;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * The pool in a hosted zone of Route 53. Each node has record sets of its own, so nodes
 * that clean up at the same time cannot remove those of a live node. If two nodes remove
 * the same record sets, Route 53 refuses the later removal, and its node reads the record
 * sets again.
 */
final class Route53Zone implements Zone {

	/** The most removals in a batch, far below Route 53's limit of 1,000. */
	private static final int BATCH = 100;

	private final NodeRecordSets pool;

	private final Route53Requests requests;

	private final HealthChecks checks;

	private volatile @Nullable String pending;

	Route53Zone(NodeRecordSets pool, Route53Requests requests, HealthChecks checks) {
		this.pool = pool;
		this.requests = requests;
		this.checks = checks;
	}

	@Override
	public Mono<PoolChange> change(Function<List<PoolEntry>, Mono<PoolChange>> plan) {
		return this.requests.list(this.pool)
			.flatMap((sets) -> plan.apply(this.pool.entries(sets))
				.flatMap((change) -> apply(change, sets).thenReturn(change)));
	}

	/**
	 * Adds record sets first, and removes others afterwards in separate batches, so that
	 * a refused removal does not keep the node out of the pool.
	 */
	private Mono<Void> apply(PoolChange change, List<ResourceRecordSet> sets) {
		List<ResourceRecordSet> gone = change.removed()
			.stream()
			.flatMap((entry) -> this.pool.of(entry.node(), sets).stream())
			.toList();
		return Flux.fromIterable(change.added())
			.concatMap(this::add)
			.thenMany(Flux.fromIterable(gone).filter((set) -> !isReplaced(set, change)).buffer(BATCH))
			.concatMap(this::remove)
			.then();
	}

	private Mono<String> add(PoolEntry entry) {
		return this.checks.create(entry)
			.flatMap((checks) -> send(changes(ChangeAction.UPSERT, this.pool.of(entry, checks))));
	}

	private Mono<String> remove(List<ResourceRecordSet> gone) {
		return send(changes(ChangeAction.DELETE, gone)).doOnSuccess((_) -> this.checks.delete(gone));
	}

	/** Whether an added entry has a record set of the same name, type and identifier. */
	private boolean isReplaced(ResourceRecordSet set, PoolChange change) {
		return change.added()
			.stream()
			.flatMap((entry) -> this.pool.of(entry, Map.of()).stream())
			.anyMatch((added) -> isSamePlace(added, set));
	}

	private static boolean isSamePlace(ResourceRecordSet one, ResourceRecordSet other) {
		return PoolName.canonical(one.name()).equals(PoolName.canonical(other.name())) && one.type() == other.type()
				&& Objects.equals(one.setIdentifier(), other.setIdentifier());
	}

	private static List<Change> changes(ChangeAction action, List<ResourceRecordSet> sets) {
		List<Change> changes = new ArrayList<>();
		sets.forEach((set) -> changes.add(Change.builder().action(action).resourceRecordSet(set).build()));
		return changes;
	}

	private Mono<String> send(List<Change> changes) {
		return this.requests.change(changes).doOnNext((batch) -> this.pending = batch);
	}

	@Override
	public Mono<Void> settled() {
		return Mono.defer(() -> {
			String batch = this.pending;
			return (batch != null) ? this.requests.settled(batch).doOnSuccess((_) -> forget(batch)) : Mono.empty();
		});
	}

	private void forget(String batch) {
		if (batch.equals(this.pending)) {
			this.pending = null;
		}
	}

}
