package dev.switchboard.call;

import java.util.List;

import dev.switchboard.database.Database;
import dev.switchboard.database.Deletion;
import dev.switchboard.node.Nodes;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.NodeQuestion;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

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
	CallService callService(AgentRouter router, CallMetrics metrics) {
		return new CallService(router, metrics);
	}

	@Bean
	CallStore callStore(NodeId self, Database database, Chance chance, MeterRegistry registry) {
		return MeasuredStore.of(new DirectoryCallStore(self, database, chance), registry);
	}

	@Bean
	Recorder recorder(CallService calls, CallStore store, Nodes nodes, Forwarder forwarder, NodeId self,
			MeterRegistry registry) {
		Recorder recorder = new Recorder(calls::call, store, new CallFinder(store, nodes::find, forwarder, self));
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
	Deletion expiredCalls() {
		return CallTable::expire;
	}

}
