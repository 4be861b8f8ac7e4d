package dev.switchboard.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A flood goes on until it has its size and every neighbour's calls have gone on beside
 * it, so that the result does not depend on the speed of the machine.
 */
@Tag("slow")
@DisplayName("Floods, with neighbours on every event loop whose calls go on meanwhile")
class FloodIT {

	/** Connections are dealt to the event loops in turn. */
	private static final int NEIGHBOURS = 8;

	private static final int FRAMES = 1_000_000;

	private static final int CALLS = 10_000;

	private static final int CALLERS = 100;

	private static final int CALLS_AT_ONCE = 4;

	/** So high that no flood is slowed. */
	private static final String NO_LIMIT = "1000000000";

	@AutoClose
	private static final GatewayProcess GATEWAY = GatewayProcess.start("switchboard.call.default-wait=60s",
			"switchboard.agent.message-rate=" + NO_LIMIT, "switchboard.agent.control-rate=" + NO_LIMIT,
			"switchboard.agent.byte-rate=100GB");

	private final Caller caller = new Caller(GATEWAY);

	private final Identity me = Identity.fresh();

	private final List<Neighbour> neighbours = new ArrayList<>();

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private volatile boolean calm;

	@BeforeEach
	void connectNeighbours() throws Exception {
		for (int i = 0; i < NEIGHBOURS; i++) {
			this.neighbours.add(new Neighbour(GATEWAY));
		}
	}

	@AfterEach
	void closeNeighbours() throws Exception {
		this.calm = true;
		this.threads.shutdownNow();
		for (Neighbour neighbour : this.neighbours) {
			neighbour.close();
		}
	}

	@Test
	@DisplayName("a million pings, late results and unknown frames of one agent")
	void shouldServeOthersBesideAFloodOfFrames() throws Exception {
		double late = this.caller.metric("switchboard_calls_late_answers_total");
		byte[] pings = repeat(100, WireFrame.FIN_PING, "");
		byte[] unknown = repeat(100, WireFrame.FIN_TEXT, "{\"type\":\"x\"}");
		byte[] results = repeat(100, WireFrame.FIN_TEXT,
				"{\"type\":\"result\",\"id\":\"6f9619ff-8b86-4d01-b42d-00cf4fc964ff\",\"payload\":1}");
		try (RawHttp http = RawHttp.open(GATEWAY.agentPort());
				RawSocketAgent agent = RawSocketAgent.connect(http, this.me)) {
			Future<Integer> pongs = this.threads.submit(() -> countPongsUntilClose(agent));
			Future<Integer> flood = this.threads.submit(() -> {
				int frames = 0;
				while (frames < FRAMES || !this.calm) {
					http.write(pings);
					http.write(unknown);
					http.write(results);
					frames += 300;
				}
				return frames;
			});
			assertOthersServedBeside(flood);
			int frames = flood.get(60, TimeUnit.SECONDS);
			agent.sendFrame(WireFrame.FIN_CLOSE, (byte) 3, (byte) 0xE8);
			assertThat(pongs.get(60, TimeUnit.SECONDS)).isPositive();
			assertThat(this.caller.metric("switchboard_calls_late_answers_total") - late).isEqualTo(frames / 3.0);
		}
	}

	@Test
	@DisplayName("calls of many callers to one agent, as fast as they can")
	void shouldServeOthersBesideAFloodOfCalls() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(GATEWAY, this.me)) {
			Future<?> answers = this.threads.submit(() -> agent.answerAll("1"));
			List<Callable<Integer>> callers = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				callers.add(this::callOnAndOn);
			}
			Future<Integer> flood = this.threads.submit(() -> {
				int calls = 0;
				for (Future<Integer> each : this.threads.invokeAll(callers)) {
					calls += each.get();
				}
				return calls;
			});
			assertOthersServedBeside(flood);
			assertThat(flood.get(60, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(CALLS);
			assertThat(answers.isDone()).isFalse();
		}
	}

	private void assertOthersServedBeside(Future<?> flood) {
		for (Neighbour neighbour : this.neighbours) {
			neighbour.assertUndisturbed();
		}
		assertThat(flood.isDone()).as("the flood has ended").isFalse();
		this.calm = true;
	}

	private static byte[] repeat(int times, int head, String text) {
		byte[] frame = RawSocketAgent.frame(head, text.getBytes(StandardCharsets.UTF_8));
		ByteBuffer all = ByteBuffer.allocate(times * frame.length);
		for (int i = 0; i < times; i++) {
			all.put(frame);
		}
		return all.array();
	}

	private static int countPongsUntilClose(RawSocketAgent agent) throws IOException {
		int pongs = 0;
		while (true) {
			WireFrame frame = agent.pollFrame(Duration.ofSeconds(60));
			if (frame == null || frame.head() == WireFrame.FIN_CLOSE) {
				return pongs;
			}
			pongs += (frame.head() == WireFrame.FIN_PONG) ? 1 : 0;
		}
	}

	/** Sends calls in one write, reads their answers, and repeats that. */
	private int callOnAndOn() throws IOException {
		byte[] body = Caller.BODY.getBytes(StandardCharsets.UTF_8);
		try (RawHttp http = RawHttp.open(GATEWAY.apiPort())) {
			http.socket().setSoTimeout(60_000);
			int calls = 0;
			while (calls < CALLS / CALLERS || !this.calm) {
				for (int i = 0; i < CALLS_AT_ONCE; i++) {
					http.post(this.me.calls(), body);
				}
				for (int i = 0; i < CALLS_AT_ONCE; i++) {
					assertThat(http.readResponse().status()).isIn(200, 429);
				}
				calls += CALLS_AT_ONCE;
			}
			return calls;
		}
	}

}
