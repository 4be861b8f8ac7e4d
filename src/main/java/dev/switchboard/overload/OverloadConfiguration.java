package dev.switchboard.overload;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.drain.AgentMoves;
import dev.switchboard.drain.Drain;
import dev.switchboard.handshake.HandshakeObstacle;
import dev.switchboard.listener.CallAdmission;
import dev.switchboard.node.Membership;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/** Wires the protection against overload. */
@Configuration(proxyBeanMethods = false)
class OverloadConfiguration {

	@Bean
	LoopWatches loopWatches(ReactorResourceFactory resources, OverloadSettings settings, MeterRegistry meters,
			TimeSource time) {
		return new LoopWatches(resources.getLoopResources().onServer(true), settings, new LoadMetrics(meters), time);
	}

	@Bean
	Overload overload(OverloadSettings settings, LoopWatches loops, ObjectProvider<Membership> membership,
			TimeSource time) {
		return new Overload(settings, new Load(loops, LiveHeap.ofProcess(time)),
				Mono.defer(() -> membership.getObject().publish()), time);
	}

	@Bean
	Shedding shedding(OverloadSettings settings, Overload overload, ConnectionRegistry registry, Drain drain,
			AgentMoves moves) {
		return new Shedding(settings.shedRate(), overload::level, registry::size, drain::isDraining, moves::away);
	}

	@Bean
	OverloadMetrics overloadMetrics(Overload overload) {
		return new OverloadMetrics(overload);
	}

	@Bean
	OverloadHealth overloadHealthIndicator(Overload overload) {
		return new OverloadHealth(overload);
	}

	/** Makes an overloaded node take no agents. */
	@Bean
	HandshakeObstacle overloadObstacle(Overload overload) {
		return () -> !overload.takesAgents();
	}

}
