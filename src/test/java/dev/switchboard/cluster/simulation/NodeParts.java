package dev.switchboard.cluster.simulation;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.switchboard.call.CallService;
import dev.switchboard.call.Recorder;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.drain.Drain;
import dev.switchboard.drain.DrainSettings;
import dev.switchboard.forwarding.SecretPolicy;
import dev.switchboard.handshake.HandshakeOpener;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationEventPublisher;

/**
 * The parts of one run of a node: the product's own rooms, which {@link NodeWiring}
 * wires, on top of simulated parts.
 */
final class NodeParts {

	private final SimpleMeterRegistry meters;

	private final DefaultListableBeanFactory beans;

	private @Nullable HandshakeOpener handshakes;

	private @Nullable CallService calls;

	private @Nullable Recorder recorder;

	private @Nullable ConnectionRegistry connections;

	private boolean ready = true;

	/**
	 * Makes no part yet.
	 * @param settings the settings of the node
	 * @param simulated the simulated parts that only this node has, by the names of their
	 * beans
	 */
	NodeParts(World world, Map<String, String> settings, Map<String, Object> simulated) {
		this.meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, new MeterClock(world));
		Map<String, Object> given = new TreeMap<>(simulated);
		given.put("timeSource", world);
		given.put("meters", this.meters);
		given.put("nodeResolver", new SimulatedNames());
		given.put("secrets", new SecretPolicy(true));
		given.put("availability", new ApplicationAvailabilityBean());
		this.beans = NodeWiring.beans(settings, given);
		this.beans.registerResolvableDependency(ApplicationEventPublisher.class,
				(ApplicationEventPublisher) this::take);
	}

	private void take(Object event) {
		if (event instanceof AvailabilityChangeEvent<?> change) {
			this.ready = change.getState() == ReadinessState.ACCEPTING_TRAFFIC;
		}
	}

	/** Makes the parts and starts them. */
	void start() {
		this.beans.preInstantiateSingletons();
		this.handshakes = HandshakeOpener.of(this.beans);
		this.calls = part(CallService.class);
		this.recorder = part(Recorder.class);
		this.connections = part(ConnectionRegistry.class);
		new Lifecycle(this.beans).start();
	}

	/** Closes the connections of agents, stops the parts, and then calls the task. */
	void stop(Runnable stopped) {
		handshakes().stop(connections(), () -> new Lifecycle(this.beans).stop(stopped));
	}

	private <T> T part(Class<T> type) {
		return this.beans.getBean(type);
	}

	/** Whether the node tells load balancers that they may send requests here. */
	boolean isReady() {
		Health forwarding = this.beans.getBean("forwardingHealthIndicator", HealthIndicator.class).health();
		return this.ready && forwarding != null && !forwarding.getStatus().equals(Status.OUT_OF_SERVICE);
	}

	HandshakeOpener handshakes() {
		return Objects.requireNonNull(this.handshakes);
	}

	CallService calls() {
		return Objects.requireNonNull(this.calls);
	}

	Recorder recorder() {
		return Objects.requireNonNull(this.recorder);
	}

	ConnectionRegistry connections() {
		return Objects.requireNonNull(this.connections);
	}

	Drain drain() {
		return part(Drain.class);
	}

	DrainSettings drainSettings() {
		return part(DrainSettings.class);
	}

	/** Returns what a gauge of the node shows. */
	double gauge(String name) {
		return this.meters.get(name).gauge().value();
	}

}
