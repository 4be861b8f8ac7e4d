package dev.switchboard.api;

import java.time.Duration;
import java.util.Map;

import dev.switchboard.problem.Problem;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.routing.Disconnect;
import dev.switchboard.routing.TestRouting;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

class AgentControllerTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private final TestRouting routing = new TestRouting();

	private final AgentController controller = new AgentController(this.routing.presence,
			new CallSettings(Duration.ofSeconds(10)), this.routing.router);

	@Test
	void shouldShowAnAgentThatIsOnline() {
		this.routing.add(AGENT, true);
		ServerWebExchange exchange = TestExchanges.get(TestExchanges.LAPTOP);
		assertThat(TestExchanges.answer(this.controller.get(exchange), exchange))
			.isEqualTo("200 {\"tenant\":\"acme\",\"agent\":\"laptop\",\"status\":\"online\",\"node\":\""
					+ TestRouting.OTHER.id() + "\",\"connectionId\":\"00000000-0000-4000-8000-0000000000cc\","
					+ "\"epoch\":1,\"connectedAt\":\"1970-01-01T00:00:00.000Z\",\"lastSeen\":\"1970-01-01T00:00:00.000Z\"}");
	}

	@Test
	void shouldShowAnAgentThatIsOffline() {
		this.routing.add(AGENT, false);
		ServerWebExchange exchange = TestExchanges.get(TestExchanges.LAPTOP);
		assertThat(TestExchanges.answer(this.controller.get(exchange), exchange)).contains("\"status\":\"offline\"")
			.doesNotContain("\"node\"");
	}

	@Test
	void shouldNotKnowAnAgentThatWasNeverSeen() {
		TestExchanges.assertProblem(this.controller.get(TestExchanges.get(TestExchanges.LAPTOP)),
				Problem.AGENT_UNKNOWN);
	}

	@Test
	void shouldListAgentsPageByPage() {
		for (String name : new String[] { "a", "b", "c" }) {
			this.routing.add(new AgentId("acme", name), true);
		}
		String first = list(null, "2", null);
		assertThat(first).contains("\"agent\":\"a\"", "\"agent\":\"b\"").doesNotContain("\"agent\":\"c\"");
		String cursor = first.replaceFirst("(?s).*\"next\":\"([^\"]*)\".*", "$1");
		assertThat(list(null, "2", cursor)).contains("\"agent\":\"c\"").doesNotContain("\"agent\":\"b\"", "\"next\"");
	}

	@Test
	void shouldListAgentsByTheirStatus() {
		this.routing.add(new AgentId("acme", "here"), true);
		this.routing.add(new AgentId("acme", "away"), false);
		assertThat(list("online", "100", null)).contains("here").doesNotContain("away");
		assertThat(list("offline", "100", null)).contains("away").doesNotContain("here");
	}

	@Test
	void shouldDisconnectAnAgent() {
		this.routing.add(AGENT, true);
		this.routing.answer(Mono.empty());
		ServerWebExchange exchange = TestExchanges.get(TestExchanges.LAPTOP);
		assertThat(TestExchanges.answer(this.controller.disconnect(exchange), exchange)).isEqualTo("204");
		assertThat(this.routing.verbs).singleElement().isInstanceOf(Disconnect.class);
	}

	private String list(@Nullable String status, String limit, @Nullable String cursor) {
		ServerWebExchange exchange = TestExchanges.get(Map.of("tenant", "acme"));
		return TestExchanges.answer(this.controller.list(null, status, limit, cursor, exchange), exchange);
	}

}
