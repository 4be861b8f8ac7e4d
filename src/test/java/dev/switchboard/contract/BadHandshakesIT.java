package dev.switchboard.contract;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Handshakes that fail, as fast as they can from one network")
class BadHandshakesIT {

	private static final String PROTOCOL = "Sec-WebSocket-Protocol: switchboard.v1.json";

	private static final String BAD_TOKEN = "Authorization: Bearer e30.e30.e30";

	/** Many more than a network may have. */
	private static final int FAILURES = 5000;

	private static final int AGENTS = 100;

	private static final int ATTACKERS = 16;

	private static final JwtGateway GATEWAY = JwtGateway.start();

	@AutoClose
	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final ConcurrentMap<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();

	private volatile boolean calm;

	@AfterAll
	static void close() {
		GATEWAY.close();
	}

	@AfterEach
	void calm() {
		this.calm = true;
	}

	@ParameterizedTest(name = "malformed: {0}")
	@ValueSource(booleans = { false, true })
	@DisplayName("agents of other networks all get in at their first try, and the node is alive")
	void shouldLetAgentsOfOtherNetworksIn(boolean malformed) throws Exception {
		String network = malformed ? "127.0.8" : "127.0.9";
		for (int i = 0; i < ATTACKERS; i++) {
			String source = network + "." + (1 + i);
			this.threads.submit(() -> attack(source, malformed));
		}
		await().until(() -> count(503) > 0 && total() > FAILURES);
		List<RawHttp> agents = new ArrayList<>();
		for (int i = 0; i < AGENTS; i++) {
			agents.add(connect("127.0." + (100 + i) + ".1"));
		}
		int before = total();
		await().until(() -> GATEWAY.process().readiness() == 200);
		await().until(() -> total() > before);
		assertThat(count(malformed ? 400 : 401)).isPositive();
		for (RawHttp agent : agents) {
			agent.close();
		}
	}

	@Test
	@DisplayName("the network itself | 503 with Retry-After, but for health checks; later its agents get in again")
	void shouldTakeTheNetworkAgain() throws Exception {
		for (int i = 0; i < ATTACKERS; i++) {
			this.threads.submit(() -> attack("127.0.7.1", false));
		}
		await().until(() -> count(503) > 0);
		RawResponse refusal = refusal("127.0.7.2");
		assertThat(refusal.header("content-type")).isEqualTo("application/problem+json");
		assertThat(Integer.parseInt(refusal.header("retry-after"))).isBetween(1, 30);
		assertThat(Json.parse(refusal.body()).get("type").asString()).isEqualTo("urn:switchboard:problem:unavailable");
		try (RawHttp http = RawHttp.openFrom("127.0.7.2", GATEWAY.process().agentPort())) {
			http.head("GET /healthz", "Host: localhost");
			assertThat(http.readResponse().status()).isEqualTo(200);
		}
		this.calm = true;
		await().ignoreException(AssertionError.class).until(() -> {
			connect("127.0.7.2").close();
			return true;
		});
	}

	/** Tries until it is refused because of its network. */
	private static RawResponse refusal(String source) throws Exception {
		for (int i = 0; i < FAILURES; i++) {
			RawResponse response = handshake(source, BAD_TOKEN);
			if (response.status() == 503) {
				return response;
			}
		}
		throw new AssertionError("never refused");
	}

	private static RawResponse handshake(String source, String credentials) throws IOException {
		try (RawHttp http = RawHttp.openFrom(source, GATEWAY.process().agentPort())) {
			http.head("GET /v1/connect", lines(credentials));
			return http.readResponse();
		}
	}

	private static RawHttp connect(String source) throws Exception {
		String token = GATEWAY.issuer().agent(Identity.fresh());
		RawHttp http = RawHttp.openFrom(source, GATEWAY.process().agentPort());
		http.head("GET /v1/connect", lines("Authorization: Bearer " + token));
		assertThat(http.readResponse().status()).isEqualTo(101);
		return http;
	}

	private static String[] lines(String credentials) {
		return new String[] { "Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
				"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", PROTOCOL, credentials };
	}

	private Void attack(String source, boolean malformed) throws IOException {
		while (!this.calm) {
			try {
				int status = handshake(source, malformed ? "Host: another" : BAD_TOKEN).status();
				this.answers.computeIfAbsent(status, (_) -> new AtomicInteger()).incrementAndGet();
			}
			catch (EOFException | SocketException ex) {
				// The kernel may reset a connection with bytes that were not read.
				this.answers.computeIfAbsent(0, (_) -> new AtomicInteger()).incrementAndGet();
			}
		}
		return null;
	}

	private int count(int status) {
		AtomicInteger count = this.answers.get(status);
		return (count != null) ? count.get() : 0;
	}

	private int total() {
		return this.answers.values().stream().mapToInt(AtomicInteger::get).sum();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofMinutes(2));
	}

}
