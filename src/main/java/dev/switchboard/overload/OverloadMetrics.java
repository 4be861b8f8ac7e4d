package dev.switchboard.overload;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Measures how far this node is overloaded. */
record OverloadMetrics(Overload overload) implements MeterBinder {

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Level level : Level.values()) {
			Gauge.builder("switchboard.overload.level", () -> (this.overload.level() == level) ? 1 : 0)
				.description("1 for the level of this node's overload, 0 for the others")
				.tag("level", level.text())
				.register(registry);
		}
		Gauge.builder("switchboard.overload.limit", () -> this.overload.load().loops().limit())
			.description("Calls and pushes in a second that overloaded event loops take; 0 if none is overloaded")
			.register(registry);
		share(registry, "heap", "Part of the heap that is in use after collections", Measurement::heapPercent);
		share(registry, "direct", "Part of the memory for direct buffers that is in use", Measurement::directPercent);
	}

	private void share(MeterRegistry registry, String name, String description, ToDoubleFunction<Measurement> percent) {
		Gauge.builder("switchboard.overload." + name, () -> share(percent)).description(description).register(registry);
	}

	private double share(ToDoubleFunction<Measurement> percent) {
		Measurement measurement = this.overload.state().measurement();
		return (measurement != null) ? percent.applyAsDouble(measurement) / 100 : 0;
	}

}
