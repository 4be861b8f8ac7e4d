package dev.switchboard.fanout;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.switchboard.listener.CallAdmission;
import dev.switchboard.loop.OnLoop;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.BulkForwarder;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.EventExecutor;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Opens fleet calls and fleet pushes, as many as may run at a time. Thread-safe. */
public final class FleetCalls {

	private final AgentRouter router;

	private final BulkForwarder.Factory forwarders;

	private final TargetFinder targets;

	private final FleetSettings settings;

	private final FleetMetrics metrics;

	private final FleetLimits limits;

	private final Supplier<EventExecutor> loops;

	private final CallAdmission.Loops admissions;

	private final TenantLimits quotas;

	private final TimeSource time;

	private final Chance chance;

	private final AtomicInteger running = new AtomicInteger();

	/**
	 * @param loops gives the event loop of the caller, or any if the caller is on none
	 */
	FleetCalls(AgentRouter router, BulkForwarder.Factory forwarders, TargetFinder targets, FleetSettings settings,
			FleetMetrics metrics, FleetLimits limits, Supplier<EventExecutor> loops, CallAdmission.Loops admissions,
			TenantLimits quotas, TimeSource time, Chance chance) {
		this.router = router;
		this.forwarders = forwarders;
		this.targets = targets;
		this.settings = settings;
		this.metrics = metrics;
		this.limits = limits;
		this.loops = loops;
		this.admissions = admissions;
		this.quotas = quotas;
		this.time = time;
		this.chance = chance;
	}

	/**
	 * Finds the agents of a fleet call, and opens it. Whoever gets it must start it or
	 * cancel it.
	 * @return the fleet call; an error of {@link ProblemException} if it cannot begin
	 */
	public Mono<FleetRun> open(FleetRequest request) {
		return Mono.defer(() -> {
			Place place = new Place();
			if (!place.isTaken()) {
				this.metrics.refused();
				return Mono.error(
						new ProblemException(Problem.TOO_MANY_REQUESTS, "This node runs " + this.settings.maxRunning()
								+ " fleet calls, as many as it may (switchboard.fleet.max-running)"));
			}
			EventExecutor loop = this.loops.get();
			long startNanos = this.time.nanoTime();
			return this.targets.find(request.targets(), request.message().isStored())
				.publishOn(Schedulers.fromExecutor((task) -> OnLoop.run(loop, task)))
				.map((agents) -> run(request, agents, startNanos, loop, place))
				.doOnError((_) -> place.leave())
				.doOnCancel(place::leave);
		});
	}

	private FleetRun run(FleetRequest request, List<AgentId> agents, long startNanos, EventExecutor loop, Place place) {
		BulkForwarder forwarder = this.forwarders.open(request.timeout());
		this.metrics.began();
		String tenant = agents.isEmpty() ? "" : agents.getFirst().tenant();
		return new FleetRun(request, agents, this.chance.uuid(), startNanos,
				new FleetContext(this.router.through(forwarder), forwarder, loop, this.admissions.on(loop)::admits,
						this.limits.of(request.message()), FleetLimits.places(request.message()),
						new FleetQuota(this.quotas, tenant, request.message().bytes()), this.metrics, place::leave,
						this.time, this.chance));
	}

	/** The place of a fleet call among those that run. Left once. */
	private final class Place {

		private final AtomicBoolean taken;

		Place() {
			boolean free = FleetCalls.this.running.incrementAndGet() <= FleetCalls.this.settings.maxRunning();
			this.taken = new AtomicBoolean(true);
			if (!free) {
				leave();
			}
		}

		boolean isTaken() {
			return this.taken.get();
		}

		void leave() {
			if (this.taken.compareAndSet(true, false)) {
				FleetCalls.this.running.decrementAndGet();
			}
		}

	}

}
