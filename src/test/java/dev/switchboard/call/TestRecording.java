package dev.switchboard.call;

import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Mono;

/** Calls of one node, on a store in memory. */
public final class TestRecording {

	public final CallService calls;

	public final Recorder recorder;

	public TestRecording(AgentRouter router) {
		NodeId self = TestIds.node();
		CallStore store = new MemoryCallStore(self);
		this.calls = new CallService(router, new CallMetrics(new SimpleMeterRegistry(), TimeSource.SYSTEM, (_) -> {
		}), new HeldCalls(ByteBudget.unlimited()), TenantLimits.unlimited());
		this.recorder = new Recorder(this.calls::call, store,
				new CallFinder(store, (_, _) -> Mono.empty(), new ScriptedForwarder(), self),
				new HeldCalls(ByteBudget.unlimited()),
				new KeptOutcomes(ByteBudget.unlimited(), false, TimeSource.SYSTEM));
	}

}
