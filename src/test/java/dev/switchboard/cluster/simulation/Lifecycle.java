package dev.switchboard.cluster.simulation;

import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.switchboard.forwarding.ForwardingOpener;
import dev.switchboard.forwarding.ForwardingServer;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the parts of a node in the order of their phases, as Spring does, but
 * without blocking.
 */
final class Lifecycle {

	private final List<SmartLifecycle> parts;

	Lifecycle(ListableBeanFactory beans) {
		this.parts = List.copyOf(beans.getBeansOfType(SmartLifecycle.class).values());
	}

	void start() {
		this.parts.stream().sorted(Comparator.comparingInt(SmartLifecycle::getPhase)).forEach((part) -> {
			if (part instanceof ForwardingServer server) {
				ForwardingOpener.listen(server);
			}
			else {
				part.start();
			}
		});
	}

	/** Stops one phase after the other, and then calls the task. */
	void stop(Runnable stopped) {
		SortedMap<Integer, List<SmartLifecycle>> phases = this.parts.stream()
			.collect(Collectors.groupingBy(SmartLifecycle::getPhase, TreeMap::new, Collectors.toList()));
		stop(List.copyOf(phases.reversed().values()), 0, stopped);
	}

	private static void stop(List<List<SmartLifecycle>> phases, int next, Runnable stopped) {
		if (next == phases.size()) {
			stopped.run();
			return;
		}
		AtomicInteger left = new AtomicInteger(phases.get(next).size());
		phases.get(next).forEach((part) -> part.stop(() -> {
			if (left.decrementAndGet() == 0) {
				stop(phases, next + 1, stopped);
			}
		}));
	}

}
