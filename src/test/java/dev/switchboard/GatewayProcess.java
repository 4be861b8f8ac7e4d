package dev.switchboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

/**
 * The built jar as a process of its own, on ports of its own, seen only from outside.
 * Closing it stops the process, and fails if its log reports a leak or has a stack trace.
 */
public final class GatewayProcess implements AutoCloseable {

	private static final String LOOPBACK = "127.0.0.1";

	private static final Duration START_LIMIT = Duration.ofMinutes(4);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

	private static final Pattern TROUBLE = Pattern.compile("LEAK:|^\\s+at [\\w.$/<>@]+\\(|^Caused by:",
			Pattern.MULTILINE);

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final Ports ports;

	private final AtomicInteger checked = new AtomicInteger();

	private final String host;

	private final List<String> prefix;

	private final List<String> options;

	private final Path log;

	private final Process process;

	private record Ports(int api, int agent, int management, int forwarding) {

		static Ports free() {
			return new Ports(FreePorts.next(), FreePorts.next(), FreePorts.next(), FreePorts.next());
		}

	}

	private GatewayProcess(String host, List<String> prefix, List<String> options, Ports ports) {
		this.host = host;
		this.prefix = prefix;
		this.options = options;
		this.ports = ports;
		try {
			Path logs = Files.createDirectories(Path.of("target", "gateway-logs"));
			this.log = Files.createTempFile(logs, "gateway-", ".log");
			List<String> command = new ArrayList<>(prefix);
			command.addAll(command(options));
			this.process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(this.log.toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts a gateway and waits until it is ready.
	 * @param options those that begin with a dash are the JVM's, the others are
	 * {@code property=value}, in which {@code AGENT_PORT} stands for the gateway's port
	 * for agents
	 */
	public static GatewayProcess start(String... options) {
		return ready(launch(options));
	}

	/** Starts a gateway as {@link #start} does; the process may open this many files. */
	public static GatewayProcess startWithDescriptors(int limit, String... options) {
		List<String> prefix = List.of("bash", "-c", "ulimit -n " + limit + " && exec \"$@\"", "gateway");
		return ready(new GatewayProcess(LOOPBACK, prefix, List.of(options), Ports.free()));
	}

	/** Starts a gateway as {@link #start} does, which runs on this CPU only. */
	public static GatewayProcess startOnCpu(int cpu, String... options) {
		List<String> prefix = List.of("taskset", "-c", Integer.toString(cpu));
		return ready(new GatewayProcess(LOOPBACK, prefix, List.of(options), Ports.free()));
	}

	/**
	 * Starts a gateway as {@link #start} does. Its output goes to a pipe that nobody
	 * reads, so {@code log} stays empty.
	 */
	public static GatewayProcess startUnread(String... options) {
		List<String> prefix = List.of("bash", "-c", "exec \"$@\" > >(exec tail --pid=$$ -f /dev/null) 2>&1", "gateway");
		return ready(new GatewayProcess(LOOPBACK, prefix, List.of(options), Ports.free()));
	}

	private static GatewayProcess ready(GatewayProcess gateway) {
		try {
			gateway.awaitReady();
			return gateway;
		}
		catch (Throwable ex) {
			gateway.kill();
			throw ex;
		}
	}

	/** Starts a gateway as {@link #start} does, but does not wait for it. */
	public static GatewayProcess launch(String... options) {
		return new GatewayProcess(LOOPBACK, List.of(), List.of(options), Ports.free());
	}

	/**
	 * Launches a gateway in a network namespace, where it is reached at an address of its
	 * own.
	 */
	public static GatewayProcess launchIn(String namespace, String host, String... options) {
		return new GatewayProcess(host, List.of("ip", "netns", "exec", namespace), List.of(options), Ports.free());
	}

	/**
	 * Launches a gateway with the options and ports of this one, which has ended. It may
	 * take a moment until it is ready.
	 */
	public GatewayProcess again() {
		return new GatewayProcess(this.host, this.prefix, this.options, this.ports);
	}

	/** Waits until the readiness probe says 200; fails if the process ends first. */
	public void awaitReady() {
		Awaitility.await()
			.atMost(START_LIMIT)
			.pollInterval(Duration.ofMillis(50))
			.failFast(this::failIfEnded)
			.until(() -> readiness() == 200);
	}

	/** Waits until the process ends by itself, and returns its exit code. */
	public int awaitExit() throws InterruptedException {
		if (!this.process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
			throw new AssertionError("the gateway still runs:\n" + log());
		}
		return this.process.exitValue();
	}

	public long pid() {
		return this.process.pid();
	}

	public int apiPort() {
		return this.ports.api();
	}

	public int agentPort() {
		return this.ports.agent();
	}

	public int managementPort() {
		return this.ports.management();
	}

	public int forwardingPort() {
		return this.ports.forwarding();
	}

	public URI api(String path) {
		return URI.create("http://" + this.host + ":" + this.ports.api() + path);
	}

	public URI management(String path) {
		return URI.create("http://" + this.host + ":" + this.ports.management() + path);
	}

	public URI agent(String path) {
		return URI.create("ws://" + this.host + ":" + this.ports.agent() + path);
	}

	/** Files and sockets that the process has open. */
	public int descriptors() {
		Path open = Path.of("/proc", Long.toString(this.process.pid()), "fd");
		return Objects.requireNonNull(open.toFile().list()).length;
	}

	/**
	 * The classes of the live objects, a line each with their number and bytes, after a
	 * full garbage collection.
	 */
	public String liveObjects() {
		return jcmd("GC.class_histogram");
	}

	/** The standard output and error of the process so far. */
	public String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Fails if since the last check the log got a Netty leak report or a stack trace.
	 * Netty finds a leak only after its buffer was collected and another one was taken,
	 * so both are brought about first while the process runs.
	 */
	public void checkLog() {
		if (this.process.isAlive()) {
			jcmd("GC.run");
			readiness();
			readiness();
		}
		String written = log();
		int from = this.checked.getAndSet(written.length());
		Matcher trouble = TROUBLE.matcher(written);
		if (trouble.find(from)) {
			String excerpt = written.substring(Math.max(0, trouble.start() - 1000),
					Math.min(written.length(), trouble.start() + 4000));
			throw new AssertionError("a leak or a stack trace in " + this.log + ":\n" + excerpt);
		}
	}

	/** Asks the process to end (SIGTERM), waits for it, and checks its log. */
	public void stop() {
		checkLog();
		this.process.destroy();
		awaitEnd();
		checkLog();
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/** Asks the process to end (SIGTERM), and does not wait for it. */
	public void terminate() {
		signal("-TERM");
	}

	/** Suspends the process (SIGSTOP). */
	public void suspend() {
		signal("-STOP");
	}

	/** Lets a suspended process go on. */
	public void resume() {
		signal("-CONT");
	}

	private void signal(String signal) {
		try {
			new ProcessBuilder("kill", signal, Long.toString(this.process.pid())).inheritIO().start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Ends the process at once (SIGKILL). */
	public void kill() {
		this.process.destroyForcibly();
		awaitEnd();
	}

	/** Stops the process if it still runs; its log is checked either way. */
	@Override
	public void close() {
		try (this.http) {
			if (this.process.isAlive()) {
				stop();
			}
			else {
				checkLog();
			}
		}
		finally {
			this.process.destroyForcibly();
		}
	}

	private List<String> command(List<String> options) {
		List<String> jvm = new ArrayList<>(List.of("-Dio.netty.leakDetection.level=paranoid", "-Xmx512m"));
		// Most agents of tests do not move when a node leaves. Options take precedence.
		jvm.addAll(List.of("-Dswitchboard.drain.announce=0s", "-Dswitchboard.drain.within=2s"));
		// A machine that does other work as well makes event loops late: no overload.
		jvm.addAll(List.of("-Dswitchboard.overload.loop-delay.handshakes=10s",
				"-Dswitchboard.overload.loop-delay.shedding=10s", "-Dswitchboard.overload.loop-delay.calls=10s"));
		options.stream().filter((option) -> option.startsWith("-")).forEach(jvm::add);
		List<String> command = ExtractedJar.command(jvm);
		command.addAll(List.of("--server.port=" + this.ports.api(), "--switchboard.agent.port=" + this.ports.agent(),
				"--management.server.port=" + this.ports.management(),
				"--switchboard.forwarding.port=" + this.ports.forwarding()));
		options.stream()
			.filter((option) -> !option.startsWith("-"))
			.map((option) -> option.replace("AGENT_PORT", Integer.toString(this.ports.agent())))
			.forEach((option) -> command.add("--" + option));
		return command;
	}

	private void failIfEnded() {
		if (!this.process.isAlive()) {
			throw new AssertionError("the gateway ended:\n" + log());
		}
	}

	/** Returns the status of the readiness probe; -1 if there is no answer. */
	public int readiness() {
		try {
			HttpRequest request = HttpRequest.newBuilder(management("/actuator/health/readiness"))
				.timeout(Duration.ofSeconds(5))
				.build();
			return this.http.send(request, BodyHandlers.discarding()).statusCode();
		}
		catch (IOException ex) {
			return -1;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return -1;
		}
	}

	private String jcmd(String command) {
		try {
			Process jcmd = new ProcessBuilder(ExtractedJar.jdk("jcmd"), Long.toString(this.process.pid()), command)
				.redirectErrorStream(true)
				.start();
			return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void awaitEnd() {
		try {
			if (!this.process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
				throw new AssertionError("the gateway did not end within " + STOP_LIMIT + ":\n" + log());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
