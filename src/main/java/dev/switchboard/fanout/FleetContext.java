package dev.switchboard.fanout;

import java.util.function.BooleanSupplier;

import dev.switchboard.loop.OnLoop;
import dev.switchboard.problem.Outcome;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.BulkForwarder;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.EventExecutor;

/**
 * What one fleet call needs of its node.
 *
 * @param router brings calls to agents; those to other nodes through the forwarder
 * @param forwarder carries the calls to other nodes
 * @param loop the fleet call's event loop
 * @param admission whether this event loop takes a further call
 * @param limit the limit on what is in flight of all fleet calls
 * @param places how many places of the limit each call of this fleet call takes
 * @param quota what the calls use of the quotas of their tenant
 * @param released runs when the fleet call has ended
 */
record FleetContext(AgentRouter router, BulkForwarder forwarder, EventExecutor loop, BooleanSupplier admission,
		InFlightLimit limit, int places, FleetQuota quota, FleetMetrics metrics, Runnable released, TimeSource time,
		Chance chance) {

	/** Runs a task on the event loop, at once if the caller is on it. */
	void onLoop(Runnable task) {
		OnLoop.run(this.loop, task);
	}

	/** Runs a task on the event loop, after other tasks. */
	void later(Runnable task) {
		this.loop.execute(task);
	}

	long nanoTime() {
		return this.time.nanoTime();
	}

	/** Takes the places of one call. Returns false if there is no room. */
	boolean tryAcquire() {
		return this.limit.tryAcquire(this.places);
	}

	/** Gives the places of one call back. */
	void release() {
		this.limit.release(this.places);
	}

	/**
	 * Whether this event loop and the quotas of the tenant take a further call. If they
	 * do, the call has what it uses of the quotas.
	 */
	boolean admits() {
		return this.admission.getAsBoolean() && this.quota.tryUse();
	}

	/** Ends the requests to other nodes, and counts the fleet call and its agents. */
	void ended(FleetMessage message, FleetMetrics.End end, FleetSummary summary, int agents, long nanos) {
		this.forwarder.close();
		summary.outcomes().forEach((outcome, count) -> this.metrics.agents(message, outcome, count));
		int unreported = agents - summary.agents();
		if (unreported > 0) {
			this.metrics.agents(message, Outcome.CANCELLED, unreported);
		}
		this.metrics.ended(message, end, nanos);
		this.released.run();
	}

}
