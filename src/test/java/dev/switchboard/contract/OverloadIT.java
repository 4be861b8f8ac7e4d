package dev.switchboard.contract;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.switchboard.ExtractedJar;
import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A node with one event loop on one CPU gets twice the calls that it can answer without
 * protection on as many connections. The calls begin when they are due, whatever the
 * answers, and their latency counts from then. {@code -Dswitchboard.overload=60} makes it
 * a minute.
 */
@Tag("night")
@DisplayName("Twice the calls that a node can answer")
class OverloadIT {

	private static final int SECONDS = Integer.getInteger("switchboard.overload", 8);

	/** Enough for the calls of a second, so that calls need not wait for a connection. */
	private static final String CONNECTIONS = "8000";

	/** In the first of these calls, which are not measured, the connections open. */
	private static final String OPENING = "32000";

	private static final String[] SMALL = { "-XX:ActiveProcessorCount=1", "-Xmx512m", "-XX:+UseG1GC",
			"-Dio.netty.leakDetection.level=simple", "switchboard.dev.sample-agents=1",
			"switchboard.overload.loop-delay.handshakes=150ms", "switchboard.overload.loop-delay.shedding=200ms",
			"switchboard.overload.loop-delay.calls=200ms" };

	private static final Pattern RATE = Pattern.compile("calls: .* in .* s, (\\d+) a second");

	private static final Pattern RESIDENT = Pattern.compile("server RSS (\\d+) MB");

	private static final Pattern ONLY_REFUSED = Pattern.compile("errors \\d+ \\(unavailable: \\d+\\); mismatches 0;");

	private final Identity probed = new Identity("demo", "laptop-1");

	private final Queue<HttpResponse<String>> probes = new ConcurrentLinkedQueue<>();

	@Test
	@DisplayName("| are answered, or refused with Retry-After; none is lost, no agent either, and soon all is as before")
	void shouldAnswerWhatItCanAndRefuseTheRest() throws Exception {
		long twice = 2 * answeredWithoutProtection();
		try (GatewayProcess gateway = GatewayProcess.startOnCpu(0, SMALL)) {
			warmUp(gateway);
			String report = overload(gateway, twice);
			System.out.printf("with protection, %d calls a second: %s%n%s%n", twice, report, awaitNormal(gateway));
			assertThat(report).containsPattern(ONLY_REFUSED);
			assertThat(number(RESIDENT, report)).isLessThan(1000);
			assertProbesAnsweredOrRefused();
			Caller caller = new Caller(gateway);
			assertThat(caller.metric("switchboard_overload_refused_total")).isPositive();
			assertThat(caller.metric("switchboard_calls_seconds_count{outcome=\"unknown\"}")).isZero();
			assertThat(gateway.log()).contains("This node is overloaded (refusing after")
				.contains("This node is not overloaded any more");
		}
	}

	private void assertProbesAnsweredOrRefused() {
		assertThat(this.probes).isNotEmpty().allSatisfy((probe) -> {
			assertThat(probe.statusCode()).isIn(200, 503);
			if (probe.statusCode() == 503) {
				assertThat(probe.headers().firstValue("Retry-After").orElseThrow()).matches("[1-6]");
				assertThat(probe.body()).contains("urn:switchboard:problem:unavailable", "not_sent");
			}
		});
	}

	/**
	 * Returns the calls that the node answers in a second. Also prints, for comparison,
	 * how late it answers twice as many.
	 */
	private long answeredWithoutProtection() throws Exception {
		String[] unprotected = Stream.concat(Arrays.stream(SMALL), Stream.of("switchboard.overload.enabled=false"))
			.toArray(String[]::new);
		try (GatewayProcess gateway = GatewayProcess.startOnCpu(0, unprotected)) {
			warmUp(gateway);
			String busy = bench(gateway, "--callers", CONNECTIONS, "--warmup", OPENING, "--duration", "10");
			long answered = number(RATE, busy);
			System.out.printf("as many as it can: %s%nwithout protection, %d calls a second: %s%n", busy, 2 * answered,
					overload(gateway, 2 * answered));
			assertThat(new Caller(gateway).metric("switchboard_overload_refused_total")).isZero();
			this.probes.clear();
			return answered;
		}
	}

	private static void warmUp(GatewayProcess gateway) throws Exception {
		bench(gateway, "--callers", "64", "--calls", "60000");
	}

	/** Returns the line that reports the calls. */
	private String overload(GatewayProcess gateway, long perSecond) throws Exception {
		Caller caller = new Caller(gateway);
		try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
			var probing = timer.scheduleAtFixedRate(
					() -> caller.call(this.probed, "{\"method\":\"echo\",\"payload\":1}", "Prefer", "wait=120")
						.thenAccept(this.probes::add),
					1000, 50, TimeUnit.MILLISECONDS);
			String report = bench(gateway, "--callers", CONNECTIONS, "--duration", Integer.toString(SECONDS),
					"--target-rate", Long.toString(perSecond), "--timeout", "120", "--warmup", OPENING);
			probing.cancel(false);
			return report;
		}
	}

	private static String bench(GatewayProcess gateway, String... options) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("taskset", "-c", "1"));
		command.addAll(ExtractedJar.command(List.of("-Xmx1g", "-XX:+UseSerialGC")));
		command.addAll(List.of("simulator", "--agents", "200", "--tenant", "demo", "--prefix", "agent-", "--url",
				gateway.agent("/v1/connect").toString(), "bench", "--api", gateway.api("").toString(), "--server-pid",
				Long.toString(gateway.pid())));
		command.addAll(List.of(options));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		process.waitFor();
		assertThat(output).contains("calls: ");
		return output.lines().filter((line) -> line.startsWith("calls: ")).findFirst().orElseThrow();
	}

	private static long number(Pattern pattern, String report) {
		return Long.parseLong(pattern.matcher(report).results().findFirst().orElseThrow().group(1));
	}

	/** Returns how soon the node was well again. */
	private static String awaitNormal(GatewayProcess gateway) {
		long ended = System.nanoTime();
		Caller caller = new Caller(gateway);
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.pollInterval(Duration.ofMillis(100))
			.until(() -> caller.metric("switchboard_overload_level{level=\"normal\"}") == 1);
		return "normal after " + Duration.ofNanos(System.nanoTime() - ended).toMillis() + " ms";
	}

}
