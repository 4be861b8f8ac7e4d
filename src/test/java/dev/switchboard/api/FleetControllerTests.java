package dev.switchboard.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.fanout.FleetMessage;
import dev.switchboard.fanout.FleetRequest;
import dev.switchboard.fanout.FleetTargets;
import dev.switchboard.fanout.TestFleetCalls;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.push.TestPushes;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.routing.Call;
import dev.switchboard.routing.Push;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

class FleetControllerTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final String QUEUED = "\\{\"agent\":\"%s\",\"id\":\"[0-9a-f-]{36}\",\"outcome\":\"queued\"}";

	private final TestFleetCalls fleet = new TestFleetCalls();

	private final TestPushes pushes = new TestPushes(TestDatabase.H2);

	private final FleetController controller = new FleetController(
			this.fleet.fleetCalls, this.pushes.pushes, new ConnectionSettings(Duration.ofSeconds(30),
					DataSize.ofBytes(1000), DataSize.ofKilobytes(1), Duration.ofSeconds(1), Duration.ofSeconds(60)),
			this.fleet.time);

	@AfterEach
	void reset() {
		this.pushes.close();
		TestFleetCalls.reset();
	}

	@Test
	void shouldStreamAnObjectForEachAgentBetweenTheFirstLineAndTheSummary() {
		AgentId done = this.fleet.nodes.add("done", 1);
		AgentId busy = this.fleet.nodes.add("busy", 1);
		this.fleet.nodes.addOffline("away");
		ServerWebExchange exchange = post(
				"{\"method\":\"look\",\"payload\":[1, 2],\"agents\":[\"done\",\"busy\",\"away\"]}", "traceparent",
				"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "Switchboard-Timeout", "7.5");
		Mono<Void> handled = begin(this.controller.call(exchange));
		Call call = (Call) Objects.requireNonNull(this.fleet.nodes.verbs.get(done));
		assertThat(call.frame().payload().text()).isEqualTo("[1, 2]");
		assertThat(call.frame().traceparent()).startsWith("00-4bf9");
		assertThat(call.frame().ttlMillis()).isEqualTo(7500);
		this.fleet.nodes.complete(done);
		this.fleet.nodes.answer(busy, new Answer.Rejected("busy", "la\nter", Payload.parse("{\n}")));
		List<String> lines = lines(handled, exchange);
		assertThat(exchange.getResponse().getHeaders().getContentType()).hasToString("application/x-ndjson");
		assertThat(lines).hasSize(5);
		assertThat(lines.get(0)).matches("\\{\"fleetCall\":\\{\"id\":\"[0-9a-f-]{36}\",\"agents\":3}}");
		assertThat(lines.get(1)).matches(
				"\\{\"agent\":\"away\",\"type\":\"urn:switchboard:problem:agent-offline\",.*\"outcome\":\"not_sent\",\"callId\":\".*\"lastSeen\":\".*\"}");
		assertThat(lines.get(2)).isEqualTo(
				"{\"agent\":\"done\",\"id\":\"" + call.id() + "\",\"outcome\":\"completed\",\"payload\":\"done\"}");
		assertThat(lines.get(3)).startsWith("{\"agent\":\"busy\",\"id\":\"")
			.endsWith("\"error\":{\"code\":\"busy\",\"message\":\"la\\u000ater\",\"payload\":{ }}}");
		assertThat(lines.get(4)).isEqualTo(
				"{\"summary\":{\"agents\":3,\"completed\":1,\"rejected\":1,\"not_sent\":1,\"unknown\":0,\"cancelled\":0,\"millis\":0}}");
	}

	@Test
	void shouldStreamEventsToACallerThatPrefersThem() {
		ServerWebExchange exchange = post("{\"method\":\"look\",\"agents\":[]}", "Accept", "text/event-stream");
		String answer = TestExchanges.answer(this.controller.call(exchange), exchange);
		assertThat(answer).startsWith("200 data:{\"fleetCall\":{").contains("}}\n\ndata:{\"summary\":{\"agents\":0,");
	}

	@Test
	void shouldPushWithTheOutcomeSent() {
		AgentId agent = this.fleet.nodes.add("one", 1);
		this.fleet.selected.add(agent);
		ServerWebExchange exchange = post("{\"method\":\"note\",\"selector\":\"\",\"durable\":false}");
		Mono<Void> handled = begin(this.controller.push(exchange));
		Push push = (Push) Objects.requireNonNull(this.fleet.nodes.verbs.get(agent));
		this.fleet.nodes.sent(agent);
		assertThat(lines(handled, exchange)).contains(
				"{\"agent\":\"one\",\"id\":\"" + push.frame().id() + "\",\"outcome\":\"sent\"}",
				"{\"summary\":{\"agents\":1,\"sent\":1,\"rejected\":0,\"not_sent\":0,\"unknown\":0,\"cancelled\":0,\"millis\":0}}");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"method":"x"}                                           | either 'agents' or 'selector'
			{"method":"x","agents":["a"],"selector":""}              | either 'agents' or 'selector'
			{"agents":["a"]}                                         | method
			{"method":"","agents":["a"]}                             | method
			{"method":"x","agents":"a"}                              | agents must be an array of strings
			{"method":"x","agents":["a",7]}                          | agents[1] must be a string
			{"method":"x","agents":["a",".b"]}                       | agents[1]
			{"method":"x","agents":["a","b","a"]}                    | agents[2] is there twice: a
			{"method":"x","selector":7}                              | selector
			{"method":"x","selector":"env=prod,a in"}                | position
			{"method":"x","selector":"","window":0}                  | 'window' must be 1 to 10000
			{"method":"x","selector":"","window":10001}              | 'window' must be 1 to 10000
			{"method":"x","selector":"","window":"10"}               | window
			{"method":"x","selector":"","window":-1}                 | window
			{"method":"x","selector":"","stopAfterFailures":0}       | 'stopAfterFailures'
			{"method":"x","selector":"","stopAfterFailures":1.5}     | stopAfterFailures
			{"method":"x","selector":"","durable":true}              | 'durable'
			{"method":"x","selector":"","durable":"yes"}             | 'durable'
			{"method":"x","agents":["a"]                             | body
			""")
	void shouldSayWhatIsWrongWithABody(String body, String detail) {
		assertProblem(body, Problem.INVALID_REQUEST, detail);
	}

	@Test
	void shouldStoreADurablePushForEachAgentThatIsKnown() {
		this.pushes.known("one");
		this.pushes.known("two");
		ServerWebExchange exchange = post(
				"{\"method\":\"note\",\"agents\":[\"one\",\"never\",\"two\"],\"durable\":true,\"ttlSeconds\":60}");
		List<String> lines = lines(this.controller.push(exchange), exchange);
		assertThat(lines).hasSize(5)
			.anyMatch((line) -> line.matches(QUEUED.formatted("one")))
			.anyMatch((line) -> line.matches(QUEUED.formatted("two")))
			.anyMatch((line) -> line
				.startsWith("{\"agent\":\"never\",\"type\":\"urn:switchboard:problem:agent-unknown\""));
		assertThat(lines.getLast())
			.startsWith("{\"summary\":{\"agents\":3,\"queued\":2,\"rejected\":0,\"not_sent\":1,\"unknown\":0,");
		assertThat(this.fleet.nodes.called).isEmpty();
	}

	@Test
	void shouldStoreARepeatedDurablePushOnce() {
		this.pushes.known("one");
		List<String> first = keyed("1");
		assertThat(first.get(1)).matches(QUEUED.formatted("one"));
		assertThat(keyed("1").get(1)).isEqualTo(first.get(1));
		assertThat(keyed("2").get(1)).contains("idempotency-mismatch");
	}

	private List<String> keyed(String payload) {
		ServerWebExchange exchange = post(
				"{\"method\":\"note\",\"agents\":[\"one\"],\"durable\":true,\"payload\":" + payload + "}",
				"Idempotency-Key", "k");
		return lines(this.controller.push(exchange), exchange);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"method":"x","selector":"","durable":"yes"}                         | durable
			{"method":"x","selector":"","durable":true,"ttlSeconds":0}           | 'ttlSeconds' must be 1 to 2592000
			{"method":"x","selector":"","durable":true,"ttlSeconds":2592001}     | 'ttlSeconds' must be 1 to 2592000
			{"method":"x","selector":"","durable":true,"collapseKey":".x"}       | 'collapseKey'
			""")
	void shouldSayWhatIsWrongWithTheBodyOfADurablePush(String body, String detail) {
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> this.controller.push(post(body)).block(LIMIT))
			.withMessageContaining(detail)
			.extracting(ProblemException::problem)
			.isEqualTo(Problem.INVALID_REQUEST);
	}

	@Test
	void shouldRefuseADurablePushThatDoesNotFitIntoAFrame() {
		String body = "{\"method\":\"x\",\"agents\":[\"a\"],\"durable\":true,\"payload\":\"" + "x".repeat(950) + "\"}";
		TestExchanges.assertProblem(this.controller.push(post(body)), Problem.PAYLOAD_TOO_LARGE);
	}

	@Test
	void shouldRefuseMoreAgentsThanMayBeNamed() {
		assertProblem(named(10_001), Problem.INVALID_REQUEST, "agents must have at most 10000 strings");
	}

	@Test
	void shouldTakeAsManyAgentsAsMayBeNamed() {
		FleetRequest request = new FleetReader(1000)
			.read(post(named(10_000)), (_, body) -> Mono.just(new FleetMessage.ToPush(body.method(), body.payload())))
			.block(LIMIT);
		assertThat(request).isNotNull()
			.extracting(FleetRequest::targets, as(type(FleetTargets.Named.class)))
			.satisfies((targets) -> assertThat(targets.agents()).hasSize(10_000));
	}

	/** A body whose agents have ids of the full length. */
	private static String named(int agents) {
		return IntStream.range(0, agents)
			.mapToObj((number) -> "\"%0128d\"".formatted(number))
			.collect(Collectors.joining(",\n", "{\"method\":\"x\",\"agents\":[", "]}"));
	}

	@Test
	void shouldRefuseAPayloadOverTheFrameLimit() {
		assertProblem("{\"method\":\"x\",\"agents\":[\"a\"],\"payload\":\"" + "x".repeat(1000) + "\"}",
				Problem.PAYLOAD_TOO_LARGE, "1000");
		assertThat(this.fleet.nodes.called).isEmpty();
	}

	@Test
	void shouldRefuseATimeoutOutOfRange() {
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(
					() -> this.controller.call(post("{\"method\":\"x\",\"agents\":[]}", "Switchboard-Timeout", "3601"))
						.block(LIMIT))
			.withMessageContaining("Switchboard-Timeout");
	}

	@Test
	void shouldAnswerWithAnOrdinaryProblemWhenTooManyRun() {
		this.fleet.nodes.add("one", 1);
		String body = "{\"method\":\"x\",\"agents\":[\"one\"]}";
		begin(this.controller.call(post(body)));
		begin(this.controller.call(post(body)));
		assertProblem(body, Problem.TOO_MANY_REQUESTS, "2 fleet calls");
	}

	@Test
	void shouldCancelTheFleetCallOfACallerThatHangsUp() {
		AgentId agent = this.fleet.nodes.add("one", 1);
		this.controller.call(post("{\"method\":\"x\",\"agents\":[\"one\"]}")).subscribe().dispose();
		assertThat(this.fleet.nodes.cancelled).containsExactly(agent);
		assertThat(this.fleet.nodes.closed).isOne();
	}

	private void assertProblem(String body, Problem problem, String detail) {
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> this.controller.call(post(body)).block(LIMIT))
			.withMessageContaining(detail)
			.extracting(ProblemException::problem)
			.isEqualTo(problem);
	}

	private static ServerWebExchange post(String body, String... headers) {
		return TestExchanges.get(Map.of("tenant", "acme"))
			.mutate()
			.request(TestExchanges.request(body, headers))
			.build();
	}

	private static Mono<Void> begin(Mono<Void> handled) {
		Mono<Void> begun = handled.cache();
		begun.subscribe();
		return begun;
	}

	private static List<String> lines(Mono<Void> handled, ServerWebExchange exchange) {
		handled.block(LIMIT);
		String body = ((MockServerHttpResponse) exchange.getResponse()).getBodyAsString().block(LIMIT);
		return Objects.requireNonNull(body).lines().toList();
	}

}
