package dev.switchboard.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("slow")
@DisplayName("A thousand agents that do not read")
class SlowReadersIT {

	private static final int READERS = 1000;

	private static final int MAX_QUEUED = 64 << 10;

	/** One of them fits into a queue, and two do not. */
	private static final int PAYLOAD = 40_000;

	/** The memory that the gateway's caches may take meanwhile. */
	private static final long CACHES = 4 << 20;

	private static final String PUSH = "{\"method\":\"m\",\"payload\":\"" + "x".repeat(PAYLOAD) + "\"}";

	@AutoClose
	private static final GatewayProcess GATEWAY = GatewayProcess.start("switchboard.agent.max-queued=" + MAX_QUEUED,
			"switchboard.agent.handshake-rate=1000000", "switchboard.agent.heartbeat=10m",
			"switchboard.call.default-wait=300s");

	private final Caller caller = new Caller(GATEWAY);

	@Test
	@DisplayName("pushed to until 4002 | their bounded bytes, all given back, and a neighbour's calls go on")
	void shouldCostTheirBoundedBytesAndNobodyElse() throws Exception {
		try (Neighbour neighbour = new Neighbour(GATEWAY)) {
			block(READERS / 50, neighbour);
		}
		Holdings before = Holdings.atRest(GATEWAY);
		try (Neighbour neighbour = new Neighbour(GATEWAY)) {
			block(READERS, neighbour);
		}
		before.awaitBack(GATEWAY);
	}

	/**
	 * Pushes to this many agents until a message for each waits in the gateway, and then
	 * once more.
	 */
	private void block(int readers, Neighbour neighbour) throws Exception {
		double closed = closedAsTooSlow();
		Holdings before = Holdings.of(GATEWAY);
		Map<Identity, RawSocketAgent> agents = connect(readers);
		try (HttpClient http = HttpClient.newHttpClient()) {
			var waiting = agents.keySet().stream().map((agent) -> pushOn(http, agent)).toList();
			await().until(() -> queuedBytes() >= (double) readers * PAYLOAD);
			assertThat(queuedBytes()).isLessThanOrEqualTo((double) readers * MAX_QUEUED);
			Holdings now = Holdings.of(GATEWAY);
			assertThat(now.heapBytes() - before.heapBytes()).isLessThan(CACHES + readers * (long) PAYLOAD);
			assertThat(now.directBytes() - before.directBytes()).isBetween(readers * (long) PAYLOAD,
					CACHES + readers * 2L * MAX_QUEUED);
			assertThat(kernelBytes()).isBetween((double) readers * PAYLOAD, readers * 4.0 * MAX_QUEUED);
			neighbour.assertUndisturbed();
			for (Identity each : agents.keySet()) {
				assertThat(Caller.finished(push(http, each)).statusCode()).isEqualTo(503);
			}
			for (var each : waiting) {
				Problem.agentOffline().in(Caller.finished(each));
			}
		}
		neighbour.assertUndisturbed();
		await().until(() -> closedAsTooSlow() - closed == readers);
		assertThat(queuedBytes()).isZero();
		await().until(() -> kernelBytes() == 0);
		for (RawSocketAgent agent : agents.values()) {
			agent.close();
		}
	}

	private static Map<Identity, RawSocketAgent> connect(int readers) throws Exception {
		Map<Identity, RawSocketAgent> agents = new HashMap<>();
		for (int i = 0; i < readers; i++) {
			Identity identity = new Identity("slow", "reader-" + i);
			agents.put(identity, RawSocketAgent.connect(RawHttp.openNarrow(GATEWAY.agentPort()), identity));
		}
		return agents;
	}

	/** Pushes, one after the other, until one is refused. */
	private static CompletableFuture<HttpResponse<String>> pushOn(HttpClient http, Identity agent) {
		return push(http, agent).thenCompose((response) -> (response.statusCode() == 202) ? pushOn(http, agent)
				: CompletableFuture.completedFuture(response));
	}

	private static CompletableFuture<HttpResponse<String>> push(HttpClient http, Identity agent) {
		HttpRequest request = HttpRequest.newBuilder(GATEWAY.api(agent.pushes()))
			.version(HttpClient.Version.HTTP_1_1)
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(PUSH))
			.build();
		return http.sendAsync(request, BodyHandlers.ofString());
	}

	/** The bytes that the kernel holds because agents have not acknowledged them. */
	private static double kernelBytes() {
		String port = ":%04X".formatted(GATEWAY.agentPort());
		return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
			.flatMap((table) -> lines(Path.of(table)))
			.map((line) -> line.strip().split("\\s+", -1))
			.filter((fields) -> fields[1].endsWith(port))
			.mapToLong((fields) -> Long.parseLong(fields[4], 0, 8, 16))
			.sum();
	}

	private static Stream<String> lines(Path file) {
		try {
			return Files.readAllLines(file).stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private double queuedBytes() throws Exception {
		return this.caller.metric("switchboard_outbound_queued_bytes");
	}

	private double closedAsTooSlow() throws Exception {
		return this.caller.metric("switchboard_connections_closed_total{code=\"4002\"}");
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60));
	}

}
