package dev.switchboard.connection;

import java.util.function.Consumer;

import dev.switchboard.loop.OnLoop;
import dev.switchboard.loop.TimerWheel;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.EventExecutor;

/**
 * The objects that all connections of one event loop share, so that each connection needs
 * only one reference to them.
 *
 * @param loop the event loop
 * @param wheel the timers of the connections and of their calls
 * @param limits the limits of each connection
 * @param metrics the counters of all connections
 * @param upstream takes the agents' frames that are not about a call
 * @param ended called once for each connection, on the event loop, when its session has
 * begun to close
 * @param ownership knows whether this node can be sure that its connections hold their
 * agents
 * @param faults logs what was wrong with agents' messages
 * @param holdings counts the bytes that are held for the connections
 * @param rates limits what agents send
 * @param roundTrips measures how long agents take to answer a ping
 * @param time the clocks
 * @param chance the source of connection ids
 */
record EventLoopContext(EventExecutor loop, TimerWheel wheel, ConnectionLimits limits, ConnectionMetrics metrics,
		UpstreamReceiver upstream, Consumer<AgentConnection> ended, Ownership ownership, FaultLog faults,
		Holdings holdings, AgentRates rates, RoundTrips roundTrips, TimeSource time, Chance chance) {

	EventLoopContext(EventExecutor loop, TimerWheel wheel, ConnectionLimits limits, ConnectionMetrics metrics,
			UpstreamReceiver upstream, Consumer<AgentConnection> ended, Ownership ownership, FaultLog faults,
			Holdings holdings, AgentRates rates, TimeSource time, Chance chance) {
		this(loop, wheel, limits, metrics, upstream, ended, ownership, faults, holdings, rates,
				new RoundTrips(loop, limits, time), time, chance);
	}

	/** Records that a call was answered, at the time {@code now}. */
	void answered(PendingCall call, Answer answer, long now) {
		this.metrics.answered(call, now);
		this.rates.answered((answer instanceof Answer.Completed completed) ? completed.payload().length() : 0);
	}

	/** Runs the task on the event loop, as {@link OnLoop#run} does. */
	void onLoop(Runnable task) {
		OnLoop.run(this.loop, task);
	}

}
