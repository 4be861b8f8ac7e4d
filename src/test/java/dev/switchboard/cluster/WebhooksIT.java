package dev.switchboard.cluster;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.WebhookReceiver;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.json.Payload;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Webhooks of three nodes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhooksIT {

	private static final int AGENTS = 10;

	private static final int EVENTS = 100;

	private final MariaDbServer server = MariaDbServer.shared();

	private final Cluster cluster = Cluster.start(this.server, 3,
			"switchboard.events.webhooks.allowed-networks=127.0.0.0/8", "switchboard.events.relays.lease=4s",
			"switchboard.events.webhooks.longest-pause=2s");

	private final WebhookReceiver receiver = WebhookReceiver.taking();

	private final HttpClient http = HttpClient.newHttpClient();

	@AfterAll
	void stop() {
		this.receiver.close();
		this.http.shutdownNow();
		this.cluster.close();
	}

	/** Sends numbers, and completes when all are acknowledged. */
	private CompletableFuture<Void> send(int number) {
		var builder = SwitchboardAgent.builder()
			.identity("acme", "sender-" + number)
			.reconnect(Duration.ofMillis(100), Duration.ofSeconds(2));
		this.cluster.nodes().forEach((node) -> builder.url(Cluster.agentAddress(node)));
		SwitchboardAgent agent = builder.build();
		agent.start().join();
		return Flux.interval(Duration.ofMillis(150))
			.take(EVENTS)
			.flatMap((n) -> Mono.fromFuture(agent.event("n", Payload.parse(Long.toString(n)))), EVENTS)
			.then()
			.doFinally((_) -> agent.close())
			.toFuture();
	}

	private boolean works(int node) {
		HttpRequest request = HttpRequest.newBuilder(this.cluster.node(node).management("/actuator/prometheus"))
			.build();
		try {
			return this.http.send(request, BodyHandlers.ofString())
				.body()
				.lines()
				.anyMatch((line) -> line.startsWith("switchboard_relays_held{kind=\"webhook\"}")
						&& line.endsWith(" 1.0"));
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Each agent's numbers, each at its first coming. */
	private Map<String, List<Integer>> received() {
		return this.receiver.got()
			.stream()
			.map((got) -> JsonMapper.shared().readTree(got.body()))
			.collect(Collectors.groupingBy((event) -> event.get("source").asString(), Collectors.mapping(
					(JsonNode event) -> event.get("data").asInt(),
					Collectors.collectingAndThen(Collectors.toList(), (all) -> all.stream().distinct().toList()))));
	}

	@Test
	@DisplayName("the node that delivers is killed, and the database stands still | each event comes, in order")
	void shouldDeliverEachEventWhateverNodeDies() throws Exception {
		GatewayProcess node = this.cluster.node(0);
		HttpRequest put = HttpRequest.newBuilder(node.api("/v1/tenants/acme/webhooks/hook"))
			.header("Content-Type", "application/json")
			.PUT(BodyPublishers
				.ofString("{\"url\":\"" + this.receiver.url("/") + "\",\"types\":[\"switchboard.event\"]}"))
			.build();
		assertThat(this.http.send(put, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
		List<CompletableFuture<Void>> sent = IntStream.range(0, AGENTS).mapToObj(this::send).toList();
		Cluster.await().until(() -> this.receiver.got().size() > AGENTS * 10);
		int working = IntStream.range(0, 3).filter(this::works).findFirst().orElseThrow();
		this.cluster.node(working).kill();
		int before = this.receiver.got().size();
		Cluster.await().until(() -> IntStream.range(0, 3).filter((n) -> n != working).anyMatch(this::works));
		Cluster.await().until(() -> this.receiver.got().size() > before + AGENTS * 10);
		this.cluster.startAgain(working);
		this.server.freeze();
		try {
			Cluster.await().until(() -> IntStream.range(0, 3).noneMatch(this::works));
		}
		finally {
			this.server.thaw();
		}
		CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(2, TimeUnit.MINUTES);
		Cluster.await().until(() -> received().values().stream().mapToInt(List::size).sum() == AGENTS * EVENTS);
		assertThat(received()).hasSize(AGENTS)
			.allSatisfy((_, numbers) -> assertThat(numbers).isEqualTo(IntStream.range(0, EVENTS).boxed().toList()));
	}

}
