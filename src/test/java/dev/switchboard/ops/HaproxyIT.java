package dev.switchboard.ops;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import com.jayway.jsonpath.JsonPath;
import dev.switchboard.FreePorts;
import dev.switchboard.GatewayProcess;
import dev.switchboard.agent.SwitchboardAgent;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * HAProxy in front of three nodes, by the configuration of compose.yaml. Needs Debian's
 * haproxy: {@code mvn -Pdebian verify}.
 */
@Tag("debian")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HaproxyIT {

	private static final Path CONFIGURATION = Path.of("examples/haproxy/haproxy.cfg");

	private static final int AGENTS = 30;

	private static final int CALLERS = 3;

	private static final int API = FreePorts.next();

	private static final int AGENT_PORT = FreePorts.next();

	@SuppressWarnings("NullAway.Init")
	private static ThreeNodes nodes;

	private static @Nullable Server haproxy;

	private static List<SwitchboardAgent> agents = List.of();

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private static Path folder;

	@BeforeAll
	static void start() throws Exception {
		// A check that fails takes HAProxy a second, and a process of a test may take 30
		// s to end.
		nodes = new ThreeNodes("switchboard.drain.announce=3s", "switchboard.drain.within=25s");
		Files.writeString(folder.resolve("haproxy.cfg"), configuration());
		Server started = Server.start(folder, "haproxy", "-f", "haproxy.cfg");
		haproxy = started;
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.failFast(started::check)
			.ignoreExceptions()
			.until(() -> statusOf(AGENT_PORT, "/healthz") == 200 && statusOf(API, "/v1/nodes") == 200);
		agents = ThreeNodes.connect(URI.create("ws://127.0.0.1:" + AGENT_PORT), "laptop-", AGENTS);
	}

	@AfterAll
	static void stop() {
		agents.parallelStream().forEach(SwitchboardAgent::close);
		if (haproxy != null) {
			haproxy.close();
		}
		nodes.close();
	}

	/**
	 * The ports of compose.yaml, replaced by those of the nodes of this test, and few
	 * connections, since a machine of CI may allow few descriptors.
	 */
	private static String configuration() throws IOException {
		String text = Files.readString(CONFIGURATION)
			.replaceAll("maxconn \\d+", "maxconn 1000")
			.replace("bind :8080", "bind 127.0.0.1:" + API)
			.replace("bind :8090", "bind 127.0.0.1:" + AGENT_PORT)
			.replace("bind 127.0.0.1:8404", "bind 127.0.0.1:" + FreePorts.next());
		for (int number = 1; number <= 3; number++) {
			GatewayProcess node = nodes.all().get(number - 1);
			text = text.replace("127.0.0.1:1809" + number, "127.0.0.1:" + node.agentPort())
				.replace("127.0.0.1:1808" + number, "127.0.0.1:" + node.apiPort())
				.replace("port 1909" + number, "port " + node.managementPort());
		}
		return text;
	}

	private static int statusOf(int port, String path) throws Exception {
		return nodes.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))).statusCode();
	}

	@Test
	void shouldHaveAConfigurationWithoutWarnings() throws Exception {
		assertThat(Server.run(Path.of("."), "haproxy", "-c", "-f", CONFIGURATION.toString()))
			.contains("Configuration file is valid")
			.doesNotContain("WARNING");
	}

	@Test
	void shouldSpreadAgentsOverTheNodes() throws Exception {
		String listed = nodes
			.send(HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:" + API + "/v1/tenants/demo/agents?status=online&limit=100")))
			.body();
		assertThat(JsonPath.<List<String>>read(listed, "$.agents[*].node").stream().distinct()).hasSize(3);
	}

	@Test
	void shouldAnswerCallsToEveryAgent() throws Exception {
		for (int number = 1; number <= AGENTS; number++) {
			assertThat(nodes.call(URI.create("http://127.0.0.1:" + API + "/"), "laptop-" + number).statusCode())
				.isEqualTo(200);
		}
	}

	@Test
	void shouldNotBeTakenForTheAgent() throws Exception {
		String agent = nodes
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + API + "/v1/tenants/demo/agents/laptop-1"))
				.header("X-Forwarded-For", "198.51.100.1"))
			.body();
		assertThat(JsonPath.<String>read(agent, "$.remoteAddress")).isEqualTo("127.0.0.1");
	}

	/** The last test, since two of the three nodes are gone after it. */
	@Test
	@Order(Integer.MAX_VALUE)
	void shouldAnswerEveryCallWhileTwoNodesLeave() throws Exception {
		try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
			AtomicBoolean stopping = new AtomicBoolean();
			List<Future<List<String>>> answers = IntStream.range(0, CALLERS)
				.mapToObj((caller) -> callers.submit(() -> callUntil(stopping, caller)))
				.toList();
			try {
				nodes.all().get(0).stop();
				nodes.all().get(1).stop();
			}
			finally {
				stopping.set(true);
			}
			for (Future<List<String>> each : answers) {
				assertThat(each.get()).isEmpty();
			}
		}
		assertThat(nodes.all().get(2).readiness()).isEqualTo(200);
	}

	/** The answers that are not 200. */
	private static List<String> callUntil(AtomicBoolean stopping, int caller) throws Exception {
		List<String> failed = new ArrayList<>();
		for (int made = caller; !stopping.get(); made++) {
			HttpResponse<String> answer = nodes.call(URI.create("http://127.0.0.1:" + API + "/"),
					"laptop-" + (made % AGENTS + 1));
			if (answer.statusCode() != 200) {
				failed.add(answer.statusCode() + " " + answer.body());
			}
		}
		return failed;
	}

}
