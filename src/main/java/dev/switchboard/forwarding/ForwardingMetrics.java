package dev.switchboard.forwarding;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.time.LatencyBuckets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Counts the requests to other nodes, and measures the time that they take. Thread-safe.
 */
final class ForwardingMetrics {

	private final MeterRegistry registry;

	private final Map<String, Map<String, Counter>> requests = new ConcurrentHashMap<>();

	private final Timer hop;

	private final LongAdder waiting = new LongAdder();

	private final LongAdder connections = new LongAdder();

	private final LongAdder streams = new LongAdder();

	private final Counter silent;

	ForwardingMetrics(MeterRegistry registry) {
		this.registry = registry;
		this.hop = Timer.builder("switchboard.forwarding.hop")
			.description("The time on the way to another node and back, of answered requests")
			.serviceLevelObjectives(LatencyBuckets.bounds())
			.register(registry);
		this.silent = Counter.builder("switchboard.forwarding.silent")
			.description("Connections closed because the other node was silent while requests waited")
			.register(registry);
		Gauge.builder("switchboard.forwarding.waiting", this.waiting, LongAdder::sum)
			.description("Requests that wait for other nodes")
			.register(registry);
		Gauge.builder("switchboard.forwarding.connections", this.connections, LongAdder::sum)
			.description("Connections to other nodes")
			.register(registry);
		Gauge.builder("switchboard.forwarding.streams", this.streams, LongAdder::sum)
			.description("Open requests to other nodes that carry the calls or pushes of a fleet call")
			.register(registry);
	}

	/** Returns the value of the tag {@code result} for a request that failed. */
	static String result(RuntimeException failure) {
		return switch (failure) {
			case ConnectionException _ -> "failed";
			case ForwardException lost -> lost.reason().name().toLowerCase(Locale.ROOT);
			default -> "lost";
		};
	}

	void began() {
		this.waiting.increment();
	}

	void ended(String kind, String result) {
		this.waiting.decrement();
		this.requests.computeIfAbsent(kind, (_) -> new ConcurrentHashMap<>())
			.computeIfAbsent(result, (_) -> counter(kind, result))
			.increment();
	}

	private Counter counter(String kind, String result) {
		return Counter.builder("switchboard.forwarding.requests")
			.description("Requests to other nodes that have ended")
			.tag("kind", kind)
			.tag("result", result)
			.register(this.registry);
	}

	void hop(long nanos) {
		this.hop.record(nanos, TimeUnit.NANOSECONDS);
	}

	void streamOpened() {
		this.streams.increment();
	}

	void streamClosed() {
		this.streams.decrement();
	}

	void connected() {
		this.connections.increment();
	}

	void disconnected() {
		this.connections.decrement();
	}

	void silent() {
		this.silent.increment();
	}

}
