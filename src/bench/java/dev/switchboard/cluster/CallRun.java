package dev.switchboard.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.switchboard.GatewayProcess;

/**
 * What calls took that {@code simulator bench} made, in a process of its own.
 *
 * @param perSecond their rate
 * @param p50 the median, in milliseconds
 * @param p99 what only one in a hundred took longer than
 * @param errors what failed
 */
record CallRun(double perSecond, double p50, double p99, String errors) {

	private static final Pattern REPORT = Pattern
		.compile("(\\d+) a second; ms p50 ([\\d.]+), p99 ([\\d.]+),.*; errors (.*); mismatches");

	/**
	 * Calls agents, which the process of the calls has too.
	 * @param node the node that is called
	 * @param owner the node to which the agents connect
	 */
	static CallRun of(GatewayProcess node, GatewayProcess owner, String... load)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
						"--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-jar",
						"target/switchboard.jar", "simulator", "--tenant", "calm", "--agents", "100", "--url",
						owner.agent("").toString(), "bench", "--api", node.api("").toString()));
		command.addAll(List.of(load));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		process.waitFor();
		Matcher report = REPORT.matcher(output);
		if (!report.find()) {
			throw new IllegalStateException(output);
		}
		return new CallRun(Double.parseDouble(report.group(1)), Double.parseDouble(report.group(2)),
				Double.parseDouble(report.group(3)), report.group(4));
	}

	/** The one whose median is the median of them. */
	static CallRun median(List<CallRun> runs) {
		return runs.stream().sorted(Comparator.comparingDouble(CallRun::p50)).toList().get(runs.size() / 2);
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%.0f a second, p50 %.2f ms, p99 %.2f ms, errors %s", this.perSecond,
				this.p50, this.p99, this.errors);
	}

}
