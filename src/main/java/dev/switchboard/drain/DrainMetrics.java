package dev.switchboard.drain;

import java.util.Locale;

import dev.switchboard.drain.DrainState.Phase;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Measures the drain of this node. */
record DrainMetrics(Drain drain) implements MeterBinder {

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Phase phase : Phase.values()) {
			Gauge.builder("switchboard.drain.phase", () -> (this.drain.state().phase() == phase) ? 1 : 0)
				.description("1 for the phase of this node's drain, 0 for the others")
				.tag("phase", phase.name().toLowerCase(Locale.ROOT))
				.register(registry);
		}
	}

}
