package dev.switchboard.simulator.agents;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** How often each of a few named things happened. Thread-safe. */
public final class Counts {

	private final Map<String, LongAdder> byName = new ConcurrentHashMap<>();

	public void add(String name) {
		this.byName.computeIfAbsent(name, (key) -> new LongAdder()).increment();
	}

	long of(String name) {
		LongAdder count = this.byName.get(name);
		return (count != null) ? count.sum() : 0;
	}

	public long total() {
		return this.byName.values().stream().mapToLong(LongAdder::sum).sum();
	}

	/** Returns the total, followed by its parts in brackets. */
	@Override
	public String toString() {
		String parts = this.byName.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByKey())
			.map((entry) -> entry.getKey() + ": " + entry.getValue())
			.collect(Collectors.joining(", "));
		return parts.isEmpty() ? "0" : total() + " (" + parts + ")";
	}

}
