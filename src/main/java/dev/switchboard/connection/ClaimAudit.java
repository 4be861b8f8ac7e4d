package dev.switchboard.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.ClaimedAgent;
import dev.switchboard.node.DirectoryClock;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/**
 * Compares what the directory says this node holds with what it holds, slowly and for
 * ever, so that nothing that was lost on the way stays lost: an agent that is connected
 * and not claimed is claimed, which closes its connection if a newer one holds the agent;
 * a claim whose connection is gone is released.
 * <p>
 * A claim's row keeps its connection's epoch as the time the agent was last seen, so the
 * key by node and that time has them in the order of epochs. The connections, sorted so
 * too, are compared with it page by page, and neither is read twice.
 */
@Component
final class ClaimAudit implements InitializingBean, DisposableBean {

	private static final Logger LOG = LoggerFactory.getLogger(ClaimAudit.class);

	private static final int PAGE = 1000;

	/** How long one comparison of all takes, about, whatever they are. */
	private static final Duration CYCLE = Duration.ofMinutes(5);

	/** A younger connection's claim may be on its way. */
	private static final Duration GRACE = Duration.ofSeconds(20);

	private final ConnectionRegistry registry;

	private final AgentDirectory directory;

	private final DirectoryClock clock;

	private final ClaimKeeper claims;

	private final MeterRegistry meters;

	private final Disposable.Swap loop = Disposables.swap();

	private @Nullable Cycle cycle;

	ClaimAudit(ConnectionRegistry registry, AgentDirectory directory, DirectoryClock clock, ClaimKeeper claims,
			MeterRegistry meters) {
		this.registry = registry;
		this.directory = directory;
		this.clock = clock;
		this.claims = claims;
		this.meters = meters;
	}

	/** Compares everything that is as old as this, without a pause. */
	Mono<Void> compareAll(Duration grace) {
		return Mono.defer(() -> {
			Cycle all = new Cycle(grace);
			return Mono.defer(all::nextPage).repeat().takeUntil((last) -> last).then();
		});
	}

	@Override
	public void afterPropertiesSet() {
		this.loop.update(Mono.defer(() -> Mono.delay(pause())).then(Mono.defer(this::step)).onErrorResume((failure) -> {
			LOG.debug("Claims not compared now: {}", failure.toString());
			this.cycle = null;
			return Mono.empty();
		}).repeat().subscribe());
	}

	/**
	 * So long that all pages take a cycle, and nodes that started together drift apart.
	 */
	private Duration pause() {
		long mean = CYCLE.toMillis() / (this.registry.size() / PAGE + 1);
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(mean / 2, mean * 3 / 2));
	}

	private Mono<Boolean> step() {
		Cycle current = (this.cycle != null) ? this.cycle : new Cycle(GRACE);
		this.cycle = current;
		return current.nextPage().doOnNext((last) -> this.cycle = last ? null : current);
	}

	@Override
	public void destroy() {
		this.loop.dispose();
	}

	private void repaired(String how) {
		this.meters.counter("switchboard.claims.repaired", "repair", how).increment();
	}

	/** One comparison of all. */
	private final class Cycle {

		private final Instant before;

		/** Those not yet compared, the oldest last. */
		private final List<AgentConnection> connections = new ArrayList<>();

		private @Nullable ClaimedAgent after;

		Cycle(Duration grace) {
			this.before = ClaimAudit.this.clock.now().minus(grace);
			ClaimAudit.this.registry.forEach((connection) -> {
				if (connection.connectedAt().isBefore(this.before)) {
					this.connections.add(connection);
				}
			});
			this.connections.sort(Comparator.comparingLong(AgentConnection::epoch).reversed());
		}

		/** Compares a page; true if it was the last. */
		Mono<Boolean> nextPage() {
			return ClaimAudit.this.directory.claimsOfThisNode(this.after, this.before, PAGE)
				.flatMap((page) -> compare(page).thenReturn(page.size() < PAGE));
		}

		private Mono<Void> compare(List<ClaimedAgent> page) {
			boolean last = page.size() < PAGE;
			claimMissing(new HashSet<>(page), last ? Long.MAX_VALUE : page.getLast().epoch());
			this.after = last ? null : page.getLast();
			return Flux.fromIterable(page)
				.filter((claimed) -> !ClaimAudit.this.registry.isHeld(claimed.agent()))
				.concatMap((claimed) -> ClaimAudit.this.claims.releaseStale(claimed.agent(), claimed.epoch()))
				.filter((released) -> released)
				.doOnNext((_) -> repaired("released"))
				.then();
		}

		private void claimMissing(Set<ClaimedAgent> claimed, long upTo) {
			while (!this.connections.isEmpty() && this.connections.getLast().epoch() <= upTo) {
				AgentConnection connection = this.connections.removeLast();
				if (!connection.isClosing()
						&& !claimed.contains(new ClaimedAgent(connection.agent(), connection.epoch()))) {
					repaired("claimed");
					ClaimAudit.this.claims.claim(connection);
				}
			}
		}

	}

}
