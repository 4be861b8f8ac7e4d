package dev.switchboard.call;

import java.util.List;

import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseConnections;
import dev.switchboard.database.Deletion;
import dev.switchboard.node.Nodes;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.NodeQuestion;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.spi.ConnectionFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the room {@code call}. */
@Configuration(proxyBeanMethods = false)
class CallConfiguration {

	@Bean
	CallMetrics callMetrics(MeterRegistry registry, TimeSource time, ObjectProvider<CallListener> listeners) {
		List<CallListener> all = listeners.orderedStream().toList();
		CallListener listener = (all.size() == 1) ? all.getFirst() : (call) -> all.forEach((each) -> each.ended(call));
		return new CallMetrics(registry, time, listener);
	}

	@Bean
	HeldCalls heldCalls(ByteBudget budget) {
		return new HeldCalls(budget);
	}

	@Bean
	CallService callService(AgentRouter router, CallMetrics metrics, HeldCalls held, TenantLimits limits) {
		return new CallService(router, metrics, held, limits);
	}

	@Bean
	CallStore callStore(NodeId self, Database database, Chance chance, MeterRegistry registry) {
		return MeasuredStore.of(new DirectoryCallStore(self, database, chance), registry);
	}

	@Bean
	KeptOutcomes keptOutcomes(ByteBudget budget, ConnectionFactory connections, TimeSource time,
			MeterRegistry registry) {
		KeptOutcomes kept = new KeptOutcomes(budget, DatabaseConnections.isEmbedded(connections), time);
		FunctionCounter.builder("switchboard.recorded.calls.dropped", kept, KeptOutcomes::dropped)
			.description("Answers that were not kept, because the memory for kept outcomes was used up")
			.register(registry);
		return kept;
	}

	@Bean
	Recorder recorder(CallService calls, CallStore store, Nodes nodes, Forwarder forwarder, NodeId self, HeldCalls held,
			KeptOutcomes kept, MeterRegistry registry) {
		Recorder recorder = new Recorder(calls::call, store, new CallFinder(store, nodes::find, forwarder, self), held,
				kept);
		Gauge.builder("switchboard.recorded.calls.kept", recorder, Recorder::size)
			.description("Recorded calls that this node keeps in memory: those that run, and ended ones that the"
					+ " directory does not have")
			.register(registry);
		return recorder;
	}

	@Bean
	NodeQuestion outcomeQuestion(Recorder recorder) {
		return new NodeQuestion(CallFinder.OUTCOME, (id) -> recorder.outcome(CallId.parse(id)));
	}

	@Bean
	NodeQuestion cancelQuestion(Recorder recorder) {
		return new NodeQuestion(CallFinder.CANCEL, (id) -> recorder.cancel(CallId.parse(id)));
	}

	@Bean
	Deletion expiredCalls(KeptOutcomes kept) {
		return (connection, limit) -> CallTable.expire(connection, limit).doOnNext((_) -> kept.expire());
	}

}
