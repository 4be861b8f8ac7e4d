package dev.switchboard.benchmark;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.switchboard.Switchboard;
import dev.switchboard.connection.AgentSessions;
import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.transport.MemoryAgents;
import dev.switchboard.transport.TransportSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.internal.PlatformDependent;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * One measurement in a JVM of its own: the whole application, with its agents in memory.
 * Prints a row of the table, after the connections' biggest classes.
 */
final class MillionRun {

	/** What the line with the figures begins with. */
	static final String ROW = "row: ";

	static final String HEADINGS = "heap B each | direct B each | RSS MiB | connect s | sweep % of a core | "
			+ "pings % of a core | " + Stops.HEADINGS + " | " + CallLoad.HEADINGS;

	static final String ALIGNMENT = "--:|--:|--:|--:|--:|--:|" + Stops.ALIGNMENT + "|" + CallLoad.ALIGNMENT;

	private static final int WARM_UP = 5000;

	private static final int HEARTBEAT_SECONDS = 30;

	private static final int CALLED = 10_000;

	private final int connections;

	private final Path log;

	private final MemoryAgents agents;

	private final Crowd crowd;

	private final CallLoad calls;

	private final MeterRegistry meters;

	private MillionRun(int connections, String database, Path log) {
		this.connections = connections;
		this.log = log;
		ConfigurableApplicationContext application = TestlessApplication.run(Switchboard.class, "--server.port=0",
				"--switchboard.agent.port=0", "--management.server.port=0", "--switchboard.forwarding.port=0",
				"--spring.r2dbc.url=" + database, "--spring.r2dbc.username=root", "--spring.r2dbc.password=",
				"--switchboard.node.lease=2m", "--switchboard.agent.heartbeat=" + HEARTBEAT_SECONDS + "s",
				"--logging.level.root=warn");
		ConnectionSettings settings = application.getBean(ConnectionSettings.class);
		this.agents = new MemoryAgents(Runtime.getRuntime().availableProcessors(),
				new TransportSettings(settings.maxFrameBytes()), Crowd::echo);
		this.meters = application.getBean(MeterRegistry.class);
		this.crowd = new Crowd(this.agents, new MemoryHandshakes(application.getBean(AgentSessions.class)),
				() -> (int) this.meters.get("switchboard.directory.queue").gauge().value());
		this.calls = new CallLoad(application.getEnvironment().getRequiredProperty("local.server.port"));
	}

	/**
	 * Measures once, and halts without a word to so many agents.
	 * @param args how many connections, the directory's URL, and the JVM's log of
	 * safepoints
	 */
	public static void main(String[] args) {
		int status = 1;
		try {
			MillionRun run = new MillionRun(Integer.parseInt(args[0]), args[1], Path.of(args[2]));
			System.out.println(ROW + "| " + run.measure() + " |");
			status = 0;
		}
		catch (Exception ex) {
			ex.printStackTrace(System.out);
		}
		System.out.flush();
		Runtime.getRuntime().halt(status);
	}

	private String measure() throws Exception {
		warmUp();
		LiveHeap heapBefore = LiveHeap.read();
		long directBefore = directBytes();
		long started = System.nanoTime();
		this.crowd.connect(0, this.connections);
		double connectSeconds = (System.nanoTime() - started) / 1e9;
		LiveHeap heap = LiveHeap.read().minus(heapBefore);
		System.out.println(heap.table(this.connections, 25));
		String memory = String.format(Locale.ROOT, "%.1f | %.1f | %d", (double) heap.bytes() / this.connections,
				(double) (directBytes() - directBefore) / this.connections, residentMebibytes());
		return String.join(" | ", memory, String.format(Locale.ROOT, "%.0f", connectSeconds), liveness(), calls());
	}

	/** Loads what connections and calls need beside themselves. */
	private void warmUp() throws Exception {
		for (int round = 0; round < 2; round++) {
			this.crowd.connect(0, WARM_UP);
			this.calls.run("--agents", Integer.toString(WARM_UP), "--calls", "20000");
			this.crowd.disconnect(0, WARM_UP);
		}
	}

	/**
	 * What one heartbeat takes: first of the sweep while every agent is heard in time, so
	 * that it only looks, as the gateway measures it; then of the loops while none is and
	 * each is pinged once, the agents' share included.
	 */
	private String liveness() throws Exception {
		hearAll();
		double before = sweepNanos();
		hearAll();
		hearAll();
		double sweep = sweepNanos() - before;
		TimeUnit.SECONDS.sleep(HEARTBEAT_SECONDS / 2 - 3);
		before = this.agents.cpuNanos();
		TimeUnit.SECONDS.sleep(HEARTBEAT_SECONDS);
		double pinged = this.agents.cpuNanos() - before;
		double percent = TimeUnit.SECONDS.toNanos(HEARTBEAT_SECONDS) / 100.0;
		return String.format(Locale.ROOT, "%.2f | %.2f", sweep / percent, (pinged - sweep) / percent);
	}

	private double sweepNanos() {
		return this.meters.get("switchboard.connections.sweep").timer().totalTime(TimeUnit.NANOSECONDS);
	}

	/** Has all be heard, evenly over half a heartbeat. */
	private void hearAll() throws Exception {
		int parts = HEARTBEAT_SECONDS * 5;
		long end = System.nanoTime();
		for (int part = 0; part < parts; part++) {
			this.agents.hear(part, parts);
			end += TimeUnit.MILLISECONDS.toNanos(100);
			TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
		}
	}

	/** Calls while other agents come and go, and the collector's stops meanwhile. */
	private String calls() throws Exception {
		long offset = Files.size(this.log);
		String calls;
		try (ScheduledExecutorService _ = this.crowd.churn(CALLED, this.connections, 1000)) {
			calls = this.calls.run("--agents", Integer.toString(CALLED), "--warmup", "10000", "--target-rate", "5000",
					"--duration", "30");
		}
		return Stops.read(this.log, offset).cells() + " | " + calls;
	}

	private static long directBytes() {
		return PlatformDependent.usedDirectMemory() + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
	}

	private static long residentMebibytes() throws Exception {
		return Files.readAllLines(Path.of("/proc/self/status"))
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
			.sum();
	}

}
