package dev.switchboard.fleet;

import java.util.Locale;

import org.HdrHistogram.Histogram;

/**
 * What one run came to, as it is printed.
 *
 * @param name what the requests were
 * @param nanos how long all of them took
 * @param serverCpuMicros the gateway's CPU time meanwhile; negative if unknown
 * @param ownCpuMicros this process's
 * @param serverResidentBytes the gateway's memory afterwards; negative if unknown
 */
record BenchReport(String name, Measurement measurement, long nanos, long serverCpuMicros, long ownCpuMicros,
		long serverResidentBytes) {

	double perSecond() {
		return this.measurement.latency().getTotalCount() * 1e9 / this.nanos;
	}

	/** The gateway's CPU time for each request, whatever its end. */
	double serverMicrosEach() {
		return (double) this.serverCpuMicros / Math.max(1, this.measurement.total());
	}

	/** 3 if an answer was another's, 1 if anything else failed, else 0. */
	int exitStatus() {
		if (this.measurement.mismatches() > 0) {
			return 3;
		}
		return (this.measurement.failures().total() > 0 || this.measurement.total() == 0) ? 1 : 0;
	}

	@Override
	public String toString() {
		String line = String.format(Locale.ROOT, "%s: %d in %.1f s, %.0f a second; ms %s; errors %s; mismatches %d",
				this.name, this.measurement.total(), this.nanos / 1e9, perSecond(), percentiles(),
				this.measurement.failures(), this.measurement.mismatches());
		if (this.measurement.firstMismatch() != null) {
			line += " (" + this.measurement.firstMismatch() + ")";
		}
		return line + cpu();
	}

	private String percentiles() {
		Histogram latency = this.measurement.latency();
		return String.format(Locale.ROOT, "p50 %.2f, p99 %.2f, p99.9 %.2f, max %.2f",
				latency.getValueAtPercentile(50) / 1e6, latency.getValueAtPercentile(99) / 1e6,
				latency.getValueAtPercentile(99.9) / 1e6, latency.getMaxValue() / 1e6);
	}

	private String cpu() {
		String own = String.format(Locale.ROOT, "; CPU µs each: own %.1f",
				(double) this.ownCpuMicros / Math.max(1, this.measurement.total()));
		return (this.serverCpuMicros < 0) ? own : own + String.format(Locale.ROOT, ", server %.1f; server RSS %d MB",
				serverMicrosEach(), this.serverResidentBytes >> 20);
	}

	/** This one's rate and CPU time beside another's. */
	String beside(BenchReport other) {
		String rates = String.format(Locale.ROOT, "%s / %s: rate %.2f", this.name, other.name,
				perSecond() / other.perSecond());
		return (this.serverCpuMicros < 0) ? rates : rates
				+ String.format(Locale.ROOT, ", server CPU %.2f", serverMicrosEach() / other.serverMicrosEach());
	}

}
