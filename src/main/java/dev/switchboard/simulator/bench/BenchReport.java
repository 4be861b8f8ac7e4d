package dev.switchboard.simulator.bench;

import java.util.Locale;

/**
 * The results of one run, as they are printed.
 *
 * @param name the kind of the requests
 * @param cost the time, CPU and memory that the requests took
 */
public record BenchReport(String name, Measurement measurement, Cost cost) {

	double perSecond() {
		return this.cost.perSecond(this.measurement.latency().getTotalCount());
	}

	/** Returns the server's CPU time for each request, successful or not. */
	double serverMicrosEach() {
		return this.cost.serverMicrosEach(this.measurement.total());
	}

	/**
	 * Returns 3 if a response belonged to a different request or was damaged, 1 if a
	 * request failed or none ended, and otherwise 0.
	 */
	public int exitStatus() {
		if (this.measurement.mismatches() > 0) {
			return 3;
		}
		return (this.measurement.failures().total() > 0 || this.measurement.total() == 0) ? 1 : 0;
	}

	@Override
	public String toString() {
		String line = String.format(Locale.ROOT, "%s: %d in %.1f s, %.0f a second; ms %s; errors %s; mismatches %d",
				this.name, this.measurement.total(), this.cost.nanos() / 1e9, perSecond(), percentiles(),
				this.measurement.failures(), this.measurement.mismatches());
		if (this.measurement.firstMismatch() != null) {
			line += " (" + this.measurement.firstMismatch() + ")";
		}
		return line + "; " + this.cost.each(this.measurement.total());
	}

	private String percentiles() {
		return String.format(Locale.ROOT, "p50 %.2f, p99 %.2f, p99.9 %.2f, max %.2f", millis(50), millis(99),
				millis(99.9), millis(100));
	}

	/**
	 * Returns the latency in milliseconds that this percentage of requests does not
	 * exceed.
	 */
	double millis(double percentile) {
		return this.measurement.latency().getValueAtPercentile(percentile) / 1e6;
	}

	/**
	 * Returns the ratios of this report's rate and CPU time to those of the other report.
	 */
	public String beside(BenchReport other) {
		String rates = String.format(Locale.ROOT, "%s / %s: rate %.2f", this.name, other.name,
				perSecond() / other.perSecond());
		return this.cost.knowsServer()
				? rates + String.format(Locale.ROOT, ", server CPU %.2f", serverMicrosEach() / other.serverMicrosEach())
				: rates;
	}

}
