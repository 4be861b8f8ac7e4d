package dev.switchboard.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Peers that make a small node hold as much as they can.
 * {@code -Dswitchboard.budget.many=true} makes them several times as many.
 */
@DisplayName("A node of 256 MB, and peers that make it hold bytes")
class BudgetIT {

	private static final boolean MANY = Boolean.getBoolean("switchboard.budget.many");

	private static final long HEAP = 256L << 20;

	private static final int THREADS = 32;

	private static final String LARGE = "\"" + "x".repeat(200_000) + "\"";

	private static final String CALL = "{\"method\":\"m\",\"payload\":" + LARGE + "}";

	private static final Pattern TOTAL = Pattern.compile("^Total +\\d+ +(\\d+)", Pattern.MULTILINE);

	@AutoClose
	private final GatewayProcess gateway = GatewayProcess.start("-Xmx256m", "-Dio.netty.leakDetection.level=simple",
			"switchboard.agent.handshake-rate=1000000", "switchboard.agent.heartbeat=10m",
			"switchboard.events.presence=false");

	private final Caller caller = new Caller(this.gateway);

	private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();

	private final List<AutoCloseable> opened = new ArrayList<>();

	@AfterEach
	void closeAll() throws Exception {
		for (AutoCloseable each : this.opened) {
			each.close();
		}
	}

	/** Runs the attack while a well-behaved tenant makes calls. */
	private void attack(int times, IntConsumer attack) throws Exception {
		try (Neighbour neighbour = new Neighbour(this.gateway)) {
			try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
				for (int i = 0; i < times; i++) {
					int number = i;
					threads.execute(() -> attack.accept(number));
				}
			}
			neighbour.assertUndisturbed();
			assertThat(this.gateway.isAlive()).isTrue();
			assertThat(heapBytes()).isLessThan(HEAP / 10 * 8);
			neighbour.assertUndisturbed();
		}
	}

	private long heapBytes() {
		MatchResult total = TOTAL.matcher(this.gateway.liveObjects()).results().findFirst().orElseThrow();
		return Long.parseLong(total.group(1));
	}

	private void call(Identity agent, String body, String... headers) {
		try {
			this.answers.merge(this.caller.callAndWait(agent, body, headers).statusCode(), 1, Integer::sum);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private double metric(String name) {
		try {
			return this.caller.metric(name);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private double held(String kind) {
		return metric("switchboard_budget_bytes{kind=\"" + kind + "\"}");
	}

	@Test
	@DisplayName("mute agents with a megabyte each | 429, or 4002")
	void shouldRefuseCallsToMuteAgents() throws Exception {
		int agents = MANY ? 2000 : 150;
		for (int i = 0; i < agents; i++) {
			this.opened.add(RawSocketAgent.connect(RawHttp.openNarrow(this.gateway.agentPort()),
					new Identity("mute", "a" + i)));
		}
		attack(5 * agents,
				(number) -> call(new Identity("mute", "a" + number % agents), CALL, "Prefer", "respond-async"));
		// An agent that was closed is offline.
		assertThat(this.answers).containsKey(429);
		assertThat(this.answers.keySet()).isSubsetOf(202, 409, 429, 503);
	}

	@Test
	@DisplayName("calls that wait for an agent to connect | 429")
	void shouldRefuseCallsThatWaitForTheirAgent() throws Exception {
		Identity offline = Identity.fresh();
		RawSocketAgent.connect(this.gateway, offline).die();
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.caller.callAndWait(offline, Caller.BODY).statusCode() == 409);
		attack(MANY ? 5000 : 400,
				(_) -> call(offline, CALL, "Prefer", "respond-async", "Switchboard-Connect-Wait", "60"));
		assertThat(this.answers.keySet()).containsOnly(202, 429);
		assertThat(held("calls")).isPositive();
	}

	@Test
	@DisplayName("answers of 200 kB to calls with keys | 429")
	void shouldRefuseCallsWithKeysWhileTheirAnswersAreKept() throws Exception {
		Identity busy = Identity.fresh();
		TestAgent agent = JdkAgent.connect(this.gateway, busy);
		Thread answering = Thread.ofVirtual().start(() -> agent.answerAll(LARGE));
		attack(MANY ? 5000 : 500,
				(number) -> call(busy, Caller.BODY, "Idempotency-Key", "key-" + number, "Prefer", "wait=60"));
		answering.interrupt();
		this.opened.add(agent);
		assertThat(this.answers.keySet()).containsOnly(200, 429);
		assertThat(held("outcomes")).isPositive();
	}

	@Test
	@DisplayName("messages that are not finished | 4002 for those that hold the most")
	void shouldCloseAgentsWithUnfinishedMessages() throws Exception {
		byte[] whole = RawSocketAgent.frame(WireFrame.FIN_TEXT,
				"x".repeat(200_000).getBytes(StandardCharsets.US_ASCII));
		byte[] part = Arrays.copyOf(whole, whole.length - 1);
		attack(MANY ? 2000 : 400, (number) -> {
			try {
				RawSocketAgent agent = RawSocketAgent.connect(this.gateway, new Identity("unfinished", "a" + number));
				agent.sendBytes(part);
				synchronized (this.opened) {
					this.opened.add(agent);
				}
			}
			catch (IOException ex) {
				// The gateway has closed this agent, or a message of it.
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(metric("switchboard_budget_closed_total")).isPositive();
		assertThat(metric("switchboard_connections_closed_total{code=\"4002\"}")).isPositive();
		assertThat(held("inbound")).isLessThan(HEAP / 5 * 2);
	}

	@Test
	@DisplayName("half handshakes | 503 for the oldest, and agents connect")
	void shouldEvictHalfHandshakes() throws Exception {
		byte[] half = ("GET /v1/connect HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(15_000))
			.getBytes(StandardCharsets.US_ASCII);
		attack(MANY ? 20_000 : 3000, (number) -> {
			try {
				RawHttp http = RawHttp.open(this.gateway.agentPort(), number);
				synchronized (this.opened) {
					this.opened.add(http);
				}
				http.write(half);
			}
			catch (IOException ex) {
				// The gateway has closed this handshake.
			}
		});
		assertThat(metric("switchboard_handshakes_evicted_total")).isPositive();
		assertThat(held("handshakes")).isLessThan(HEAP / 5 * 2 / 5 + (1 << 20));
		RawSocketAgent.connect(this.gateway, Identity.fresh()).close();
	}

}
