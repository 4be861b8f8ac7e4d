package dev.switchboard.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.ClaimKey;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.time.Chance;
import dev.switchboard.time.Periodic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Compares this node's claims in the directory with the node's connections, slowly and
 * for ever, and repairs the differences. Claims an agent that is connected without a
 * claim. If the new claim loses to a newer connection, the connection here is superseded.
 * Releases a claim whose connection is gone.
 * <p>
 * Claims and connections are read in the order of their epochs and merged page by page,
 * so that none is read twice. The directory can read claims in this order: while an agent
 * is connected, the column {@code last_seen} of its row has the epoch, and the table has
 * an index on this column. The connections are sorted here.
 */
final class ClaimAudit {

	private static final Logger logger = LoggerFactory.getLogger(ClaimAudit.class);

	private static final int PAGE = 1000;

	/**
	 * About how long it takes to compare everything once, however many agents there are.
	 */
	private static final Duration CYCLE = Duration.ofMinutes(5);

	/**
	 * The age below which connections are left out, since their claims may still be on
	 * the way to the directory.
	 */
	private static final Duration GRACE = Duration.ofSeconds(20);

	private final ConnectionRegistry registry;

	private final AgentDirectory directory;

	private final DirectoryClock clock;

	private final ClaimKeeper claims;

	private final MeterRegistry meters;

	private final Chance chance;

	private final Periodic work;

	private @Nullable Comparison current;

	ClaimAudit(ConnectionRegistry registry, AgentDirectory directory, DirectoryClock clock, ClaimKeeper claims,
			MeterRegistry meters, Chance chance) {
		this.registry = registry;
		this.directory = directory;
		this.clock = clock;
		this.claims = claims;
		this.meters = meters;
		this.chance = chance;
		this.work = new Periodic(this::pause, this::comparePage, this::failed);
	}

	void start() {
		this.work.start();
	}

	void stop() {
		this.work.dispose();
	}

	/**
	 * Compares all connections and claims that are at least {@code grace} old, without
	 * pauses.
	 */
	Mono<Void> compareAll(Duration grace) {
		return Mono.defer(() -> {
			Comparison all = new Comparison(grace);
			return Mono.defer(all::nextPage).repeat().takeUntil((last) -> last).then();
		});
	}

	/**
	 * Returns the pause before the next page. It spreads the pages over a cycle. It is
	 * random, so that nodes that started together do not read at the same moments.
	 */
	private Duration pause() {
		int pages = this.registry.size() / PAGE + 1;
		return this.chance.around(CYCLE.dividedBy(pages), 0.5);
	}

	private Mono<Boolean> comparePage() {
		Comparison comparison = (this.current != null) ? this.current : new Comparison(GRACE);
		this.current = comparison;
		return comparison.nextPage().doOnNext((last) -> this.current = last ? null : comparison);
	}

	private void failed(Throwable failure) {
		logger.debug("Claims not compared now: {}", failure.toString());
		this.current = null;
	}

	private void claimMissing(AgentConnection connection) {
		if (connection.accepts()) {
			repaired("claimed");
			this.claims.claimAgain(connection);
		}
	}

	private Mono<Void> releaseStale(List<ClaimKey> unmatched) {
		return Flux.fromIterable(unmatched)
			.filter((claimed) -> !this.registry.isHeld(claimed.agent()))
			.concatMap((claimed) -> this.claims.releaseStale(claimed.agent(), claimed.epoch()))
			.filter((released) -> released)
			.doOnNext((_) -> repaired("released"))
			.then();
	}

	private void repaired(String how) {
		Counter.builder("switchboard.claims.repaired")
			.description("Repairs after a comparison of this node's claims with its connections")
			.tag("repair", how)
			.register(this.meters)
			.increment();
	}

	/** One merge of all claims with all connections, both in the order of epochs. */
	private final class Comparison {

		private final long before;

		/** The connections that are not compared yet, the next one at the end. */
		private final List<AgentConnection> connections = new ArrayList<>();

		/** The last claim of the previous page; null before the first page. */
		private @Nullable ClaimKey after;

		Comparison(Duration grace) {
			this.before = ClaimAudit.this.clock.epochBefore(grace);
			ClaimAudit.this.registry.forEach((connection) -> {
				if (connection.epoch() < this.before) {
					this.connections.add(connection);
				}
			});
			this.connections.sort(Comparator.comparingLong(AgentConnection::epoch).reversed());
		}

		/** Compares a page. Returns whether it was the last one. */
		Mono<Boolean> nextPage() {
			return ClaimAudit.this.directory.claimsOfThisNode(this.after, this.before, PAGE)
				.flatMap((page) -> releaseStale(merge(page)).thenReturn(page.size() < PAGE));
		}

		/**
		 * Claims the agents of connections that have no claim.
		 * @return the claims of the page that have no connection
		 */
		private List<ClaimKey> merge(List<ClaimKey> page) {
			List<ClaimKey> unmatched = new ArrayList<>();
			for (ClaimKey claimed : page) {
				claimMissingBefore(claimed.epoch());
				if (!isNext(claimed)) {
					unmatched.add(claimed);
				}
				else {
					this.connections.removeLast();
				}
			}
			boolean last = page.size() < PAGE;
			if (last) {
				claimMissingBefore(Long.MAX_VALUE);
			}
			this.after = last ? null : page.getLast();
			return unmatched;
		}

		private boolean isNext(ClaimKey claimed) {
			return !this.connections.isEmpty() && this.connections.getLast().epoch() == claimed.epoch()
					&& this.connections.getLast().isOf(claimed.agent());
		}

		private void claimMissingBefore(long epoch) {
			while (!this.connections.isEmpty() && this.connections.getLast().epoch() < epoch) {
				claimMissing(this.connections.removeLast());
			}
		}

	}

}
