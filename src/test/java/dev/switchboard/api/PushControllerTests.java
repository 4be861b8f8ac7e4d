package dev.switchboard.api;

import java.time.Duration;

import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.problem.Problem;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.routing.Push;
import dev.switchboard.routing.TestRouting;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

class PushControllerTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private static final String BODY = "{\"method\":\"m\",\"payload\":1}";

	private final TestRouting routing = new TestRouting();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final PushController controller = new PushController(this.routing.router,
			new CallSettings(Duration.ofSeconds(10)), new ConnectionSettings(Duration.ofSeconds(30),
					DataSize.ofBytes(1000), DataSize.ofKilobytes(1), Duration.ofSeconds(1), Duration.ofSeconds(60)),
			new PushMetrics(this.meters), Chance.SYSTEM);

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

	private double pushes(String outcome) {
		return this.meters.get("switchboard.pushes").tag("outcome", outcome).counter().count();
	}

}
