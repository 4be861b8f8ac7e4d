package dev.switchboard.benchmark;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.switchboard.Switchboard;

/**
 * Calls through the REST API from a process of their own, {@code simulator bench}.
 *
 * @param port the API's
 */
record CallLoad(String port) {

	static final String HEADINGS = "calls/s | p50 ms | p99 ms | errors";

	static final String ALIGNMENT = "--:|--:|--:|---";

	private static final int LIMIT_MINUTES = 3;

	private static final Pattern REPORT = Pattern
		.compile("(\\d+) a second; ms p50 ([\\d.]+), p99 ([\\d.]+),.*; errors (.*); mismatches");

	/** Runs it to its end, and returns the cells of the table. */
	String run(String... options) throws IOException, InterruptedException {
		String output = new JavaCommand("-Xmx256m").main(Switchboard.class)
			.add("simulator", "bench", "--api", "http://127.0.0.1:" + this.port, "--tenant", Crowd.TENANT)
			.add("--prefix", Crowd.PREFIX, "--first", "0")
			.add(options)
			.run(LIMIT_MINUTES);
		Matcher report = REPORT.matcher(output);
		return report.find() ? String.join(" | ", report.group(1), report.group(2), report.group(3), report.group(4))
				: "| | | " + output.lines().findFirst().orElse("");
	}

}
