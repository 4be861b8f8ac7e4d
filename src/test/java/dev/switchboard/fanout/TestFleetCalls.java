package dev.switchboard.fanout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.switchboard.directory.AgentPage;
import dev.switchboard.label.Selector;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.quota.KnownQuotas;
import dev.switchboard.quota.Quotas;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.ScriptedNodes;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Fleet calls to scripted nodes, in virtual time. At most two run, with three calls in
 * flight together unless a test says otherwise, and a selector selects at most 2,500.
 */
public final class TestFleetCalls {

	public final VirtualTimeScheduler clock = VirtualTimeScheduler.getOrSet();

	public final TimeSource time = new TimeSource() {
		@Override
		public long nanoTime() {
			return TestFleetCalls.this.clock.now(TimeUnit.NANOSECONDS);
		}

		@Override
		public Instant now() {
			return Instant.EPOCH.plusNanos(nanoTime());
		}
	};

	public final ScriptedNodes nodes = new ScriptedNodes(this.time);

	public final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	/** The agents that each selector selects. */
	public final List<AgentId> selected = new ArrayList<>();

	/** The pages of selected agents that were read. */
	public int pages;

	/** Which agents the last page was to have, as {@code Descriptions#select} has it. */
	public @Nullable Boolean online;

	public final KnownQuotas quotas = new KnownQuotas(Quotas.of((_) -> Long.MAX_VALUE));

	public final TenantLimits limits;

	/** Whether the node takes calls. */
	public BooleanSupplier admission = () -> true;

	/** A failure of the directory; null while it works. */
	public @Nullable RuntimeException down;

	public final FleetCalls fleetCalls;

	public TestFleetCalls() {
		this(1000);
	}

	public TestFleetCalls(int maxInFlight) {
		this.limits = new TenantLimits(this.quotas, this.time);
		FleetSettings settings = new FleetSettings(2, 2500, maxInFlight, maxInFlight);
		FleetLimits limits = FleetLimits.of(settings);
		this.fleetCalls = new FleetCalls(this.nodes.router, this.nodes.forwarders, new TargetFinder(this::select, 2500),
				settings, new FleetMetrics(this.meters, limits.inFlight(), limits.storing()), limits,
				() -> ImmediateEventExecutor.INSTANCE, (_) -> () -> this.admission.getAsBoolean(), this.limits,
				this.time, Chance.SYSTEM);
	}

	private Mono<AgentPage<AgentId>> select(String tenant, Selector selector, @Nullable Boolean online, int limit,
			@Nullable String after, Duration wait) {
		if (this.down != null) {
			return Mono.error(this.down);
		}
		this.pages++;
		this.online = online;
		List<AgentId> rest = this.selected.stream()
			.filter((agent) -> after == null || agent.agent().compareTo(after) > 0)
			.toList();
		return Mono.just(AgentPage.of(rest.subList(0, Math.min(rest.size(), limit + 1)), limit, (agent) -> agent));
	}

	/** Ends the virtual time. */
	public static void reset() {
		VirtualTimeScheduler.reset();
	}

}
