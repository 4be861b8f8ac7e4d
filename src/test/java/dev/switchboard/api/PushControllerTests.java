package dev.switchboard.api;

import java.time.Duration;

import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import dev.switchboard.push.PushPage;
import dev.switchboard.push.TestPushes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.problem.Problem;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.routing.Push;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.TestRouting;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PushControllerTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private static final String BODY = "{\"method\":\"m\",\"payload\":1}";

	private final TestRouting routing = new TestRouting();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final TestPushes stored = new TestPushes(TestDatabase.H2);

	private final PushController controller = new PushController(this.routing.router,
			new CallSettings(Duration.ofSeconds(10)),
			new ConnectionSettings(Duration.ofSeconds(30), DataSize.ofBytes(1000), DataSize.ofKilobytes(1),
					Duration.ofSeconds(1), Duration.ofSeconds(60)),
			this.stored.pushes, new MessageQuotas(TenantLimits.unlimited(), 1000), new PushMetrics(this.meters),
			Chance.SYSTEM);

	@AfterEach
	void close() {
		this.stored.close();
	}

	@Test
	void shouldAnswerOnceThePushIsSent() {
		this.routing.add(AGENT, true);
		this.routing.answer(Mono.empty());
		ServerWebExchange exchange = TestExchanges.post(BODY);
		String answer = TestExchanges.answer(this.controller.push(exchange), exchange);
		Push push = (Push) this.routing.verbs.getFirst();
		assertThat(answer).isEqualTo("202 {\"id\":\"" + push.frame().id() + "\",\"outcome\":\"sent\"}");
		assertThat(push.frame().payload().text()).isEqualTo("1");
		assertThat(push.timeToLive()).isPositive();
		assertThat(pushes("sent")).isOne();
	}

	@Test
	void shouldRefuseAPushToAnAgentThatIsOffline() {
		this.routing.add(AGENT, false);
		TestExchanges.assertProblem(this.controller.push(TestExchanges.post(BODY)), Problem.AGENT_OFFLINE);
		assertThat(pushes("not_sent")).isOne();
	}

	@Test
	void shouldRefuseAPushThatIsTooLarge() {
		TestExchanges.assertProblem(this.controller.push(TestExchanges.post(BODY + " ".repeat(20_000))),
				Problem.PAYLOAD_TOO_LARGE);
		assertThat(this.routing.verbs).isEmpty();
		assertThat(this.meters.getMeters()).isEmpty();
	}

	@Test
	void shouldAnswerOnceADurablePushIsStored() {
		this.stored.known("laptop");
		ServerWebExchange exchange = TestExchanges
			.post("{\"method\":\"m\",\"payload\":1,\"durable\":true,\"ttlSeconds\":60,\"collapseKey\":\"k\"}");
		String answer = TestExchanges.answer(this.controller.push(exchange), exchange);
		PushPage waiting = TestNode.get(this.stored.pushes.waiting(AGENT, 0, 10));
		CallId id = waiting.pushes().getFirst().id();
		assertThat(answer).isEqualTo("202 {\"id\":\"" + id + "\",\"outcome\":\"queued\"}");
		assertThat(exchange.getResponse().getHeaders().getLocation()).hasToString("/v1/tenants/acme/pushes/" + id);
		assertThat(this.routing.verbs).isEmpty();
		assertThat(pushes("queued")).isOne();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			"durable":1                              | durable must be true or false
			"durable":"true"                         | durable must be true or false
			"durable":null                           | durable must be true or false
			"durable":true,"ttlSeconds":0            | ttlSeconds' must be 1 to 2592000
			"durable":true,"ttlSeconds":2592001      | ttlSeconds' must be 1 to 2592000
			"durable":true,"ttlSeconds":-1           | ttlSeconds must be an integer
			"durable":true,"ttlSeconds":1.5          | ttlSeconds must be an integer
			"durable":true,"ttlSeconds":"60"         | ttlSeconds must be an integer
			"durable":true,"ttlSeconds":1,"ttlSeconds":2 | ttlSeconds
			"durable":true,"collapseKey":1           | collapseKey must be a string
			"durable":true,"collapseKey":""          | collapseKey' must be 1 to 128 characters
			"durable":true,"collapseKey":".a"        | collapseKey' must be 1 to 128 characters
			"durable":true,"collapseKey":"a b"       | collapseKey' must be 1 to 128 characters
			""")
	void shouldNameAMemberThatIsNotValid(String members, String fault) {
		this.stored.known("laptop");
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> this.controller.push(TestExchanges.post("{\"method\":\"m\"," + members + "}")).block())
			.satisfies((ex) -> assertThat(ex.problem()).isEqualTo(Problem.INVALID_REQUEST))
			.satisfies((ex) -> assertThat(ex.detail()).contains(fault));
		assertThat(this.stored.node.count("pushes")).isZero();
	}

	@Test
	void shouldRefuseADurablePushThatIsLongerThanAFrame() {
		this.stored.known("laptop");
		String body = "{\"method\":\"m\",\"durable\":true,\"payload\":\"" + "x".repeat(950) + "\"}";
		TestExchanges.assertProblem(this.controller.push(TestExchanges.post(body)), Problem.PAYLOAD_TOO_LARGE);
	}

	private double pushes(String outcome) {
		return this.meters.get("switchboard.pushes").tag("outcome", outcome).counter().count();
	}

}
