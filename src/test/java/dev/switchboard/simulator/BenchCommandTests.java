package dev.switchboard.simulator;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.switchboard.simulator.agents.ScriptedGateway;
import dev.switchboard.simulator.bench.ScriptedApi;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import static org.assertj.core.api.Assertions.assertThat;

class BenchCommandTests {

	@Test
	void shouldMakeEveryCallOnceAndEachUnique() {
		try (ScriptedApi api = new ScriptedApi(
				(number, payload, response) -> ScriptedApi.complete(payload, response))) {
			CommandOutput output = CommandOutput.of("bench", "--api=" + api.url(), "--agents=3", "--first=5",
					"--callers=4", "--calls=40", "--warmup=6", "--payload-bytes=100", "--token=secret");
			assertThat(output.status()).isZero();
			assertThat(output.out()).contains("calls: 40 in ").contains("errors 0; mismatches 0");
			assertThat(api.bodies).hasSize(46).doesNotHaveDuplicates();
			assertThat(api.bodies).allSatisfy(
					(body) -> assertThat(body.length() - "{'method':'echo','payload':}".length()).isEqualTo(100));
			assertThat(api.paths).contains("POST /v1/tenants/demo/agents/agent-5/calls",
					"POST /v1/tenants/demo/agents/agent-6/calls", "POST /v1/tenants/demo/agents/agent-7/calls");
			assertThat(api.tokens).containsOnly("Bearer secret");
		}
	}

	@Test
	void shouldFailIfACallGetsAnothersAnswer() {
		Queue<String> payloads = new ConcurrentLinkedQueue<>();
		try (ScriptedApi api = new ScriptedApi((number, payload, response) -> {
			payloads.add(payload);
			return ScriptedApi.complete((number == 7) ? payloads.element() : payload, response);
		})) {
			CommandOutput output = CommandOutput.of("bench", "--api=" + api.url(), "--agents=1", "--callers=2",
					"--calls=20");
			assertThat(output.status()).isEqualTo(3);
			assertThat(output.out()).contains("mismatches 1 (sent ").contains("and got " + payloads.element());
		}
	}

	@Test
	void shouldCountADamagedAnswerAsAMismatch() {
		try (ScriptedApi api = new ScriptedApi((number, payload, response) -> response.sendString(Mono.just("{")))) {
			CommandOutput output = CommandOutput.of("bench", "--api=" + api.url(), "--agents=1", "--calls=1");
			assertThat(output.status()).isEqualTo(3);
		}
	}

	@Test
	void shouldCountErrorsByProblem() {
		try (ScriptedApi api = new ScriptedApi((number, payload, response) -> (number % 2 == 0)
				? response.status(409).sendString(Mono.just("{\"type\":\"urn:switchboard:problem:agent-offline\"}"))
				: ScriptedApi.complete(payload, response))) {
			CommandOutput output = CommandOutput.of("bench", "--api=" + api.url(), "--agents=1", "--callers=1",
					"--calls=10");
			assertThat(output.status()).isOne();
			assertThat(output.out()).contains("errors 5 (agent-offline: 5); mismatches 0");
		}
	}

	@Test
	void shouldGoOnAfterALostConnection() {
		try (ScriptedApi api = new ScriptedApi((number, payload, response) -> {
			if (number == 1) {
				response.withConnection((connection) -> connection.dispose());
				return Mono.never();
			}
			return ScriptedApi.complete(payload, response.keepAlive(number != 3));
		})) {
			CommandOutput output = CommandOutput.of("bench", "--api=" + api.url(), "--agents=1", "--callers=1",
					"--calls=6");
			assertThat(output.status()).isOne();
			assertThat(output.out()).contains("calls: 6 in ").contains("errors 1 (connection lost: 1)");
		}
	}

	@Test
	void shouldEndThoughNobodyListens() {
		DisposableServer server = HttpServer.create().host("127.0.0.1").port(0).bindNow();
		server.disposeNow();
		CommandOutput output = CommandOutput.of("bench", "--api=http://127.0.0.1:" + server.port(), "--agents=1",
				"--callers=2", "--calls=4");
		assertThat(output.status()).isOne();
		assertThat(output.out()).contains("errors 4 (connect failed: 4)");
	}

	@Test
	void shouldGiveUpAnAnswerThatNeverComes() {
		try (ScriptedApi api = new ScriptedApi((number, payload, response) -> Mono.never())) {
			CommandOutput output = CommandOutput.of("bench", "--api=" + api.url(), "--agents=1", "--calls=1",
					"--timeout=0");
			assertThat(output.out()).contains("errors 1 (timed out: 1)");
		}
	}

	@Test
	void shouldKeepToTheNumberOfCallsAtATargetRate() {
		try (ScriptedApi api = new ScriptedApi(
				(number, payload, response) -> ScriptedApi.complete(payload, response))) {
			CommandOutput output = CommandOutput.of("bench", "--api=" + api.url(), "--agents=1", "--callers=3",
					"--calls=30", "--target-rate=1000");
			assertThat(output.status()).isZero();
			assertThat(api.bodies).hasSize(30);
		}
	}

	@Test
	void shouldCompareCallsWithPresenceReadsRoundByRound() {
		long pid = ProcessHandle.current().pid();
		try (ScriptedApi api = new ScriptedApi(
				(number, payload, response) -> ScriptedApi.complete(payload, response))) {
			CommandOutput output = CommandOutput.of("bench", "--api=" + api.url(), "--agents=1", "--callers=2",
					"--calls=200", "--compare", "--rounds=2", "--server-pid=" + pid);
			assertThat(output.status()).isZero();
			assertThat(output.out()).containsSubsequence("calls: 200", "server RSS", "presence reads: 200",
					"calls / presence reads: rate", "server CPU", "calls: 200", "presence reads: 200");
			assertThat(api.paths).contains("GET /v1/tenants/demo/agents/agent-0");
		}
	}

	@Test
	void shouldPushToEachAgentInTurn() {
		try (ScriptedApi api = new ScriptedApi((number, payload, response) -> ScriptedApi.accept(response))) {
			CommandOutput output = CommandOutput.of("bench", "--api=" + api.url(), "--agents=2", "--callers=2",
					"--calls=6", "--push");
			assertThat(output.status()).isZero();
			assertThat(output.out()).contains("pushes: 6 in ").contains("errors 0; mismatches 0");
			assertThat(api.bodies).hasSize(6).doesNotHaveDuplicates();
			assertThat(api.paths).filteredOn("POST /v1/tenants/demo/agents/agent-0/pushes"::equals).hasSize(3);
			assertThat(api.paths).filteredOn("POST /v1/tenants/demo/agents/agent-1/pushes"::equals).hasSize(3);
		}
	}

	@Test
	void shouldTakeNothingButWhatAPushIsAnsweredFor() {
		try (ScriptedApi api = new ScriptedApi((number, payload, response) -> switch (number) {
			case 0 -> ScriptedApi.complete(payload, response);
			case 1 -> response.status(202).sendString(Mono.just("{\"outcome\":\"pending\"}"));
			case 2 -> response.status(202).sendString(Mono.just("{"));
			default -> ScriptedApi.accept(response);
		})) {
			CommandOutput output = CommandOutput.of("bench", "--api=" + api.url(), "--agents=1", "--callers=1",
					"--calls=4", "--push");
			assertThat(output.status()).isEqualTo(3);
			assertThat(output.out()).contains("errors 2 (HTTP 200: 1, pending: 1); mismatches 1 ");
		}
	}

	@Test
	void shouldCallTheAgentsThatItConnectsItself() {
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(ScriptedGateway.welcome());
				ScriptedApi api = new ScriptedApi(
						(number, payload, response) -> ScriptedApi.complete(payload, response))) {
			CommandOutput output = CommandOutput.of("--agents=2", "--prefix=mine-", "--url=" + gateway.url(), "bench",
					"--api=" + api.url(), "--calls=4");
			assertThat(output.status()).isZero();
			assertThat(output.out()).containsSubsequence("connected 2 in ", "calls: 4 in ", "closed: connected 0, ");
			assertThat(gateway.handshakes).containsExactlyInAnyOrder("demo/mine-0", "demo/mine-1");
			assertThat(api.paths).containsOnly("POST /v1/tenants/demo/agents/mine-0/calls",
					"POST /v1/tenants/demo/agents/mine-1/calls");
		}
	}

	@Test
	void shouldRefuseOptionsThatMakeNoSense() {
		assertThat(CommandOutput.of("bench").status()).isEqualTo(2);
		assertThat(CommandOutput.of("bench", "--agents=1", "--get", "--compare").status()).isEqualTo(2);
		assertThat(CommandOutput.of("bench", "--agents=1", "--get", "--push").status()).isEqualTo(2);
		assertThat(CommandOutput.of("bench", "--agents=1", "--api=https://127.0.0.1:1").err())
			.contains("must look like http://");
	}

}
