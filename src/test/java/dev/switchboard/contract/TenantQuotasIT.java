package dev.switchboard.contract;

import java.net.http.HttpResponse;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@DisplayName("Quotas of a tenant")
@ExtendWith(SharedGateway.class)
class TenantQuotasIT {

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	TenantQuotasIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	/**
	 * A share may be that of the earlier quota for a moment, so the effect is awaited.
	 */
	private void setQuotas(String quotas) throws Exception {
		HttpResponse<String> answer = this.caller.send("PUT", "/v1/tenants/" + this.me.tenant(),
				"{\"quotas\":{" + quotas + "}}", "Content-Type", "application/json");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
	}

	private void assertRefused(HttpResponse<String> answer, String quota) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
		assertThat(Json.parse(answer).get("type").asString()).isEqualTo("urn:switchboard:problem:too-many-requests");
		assertThat(Json.parse(answer).get("outcome").asString()).isEqualTo("not_sent");
		assertThat(Json.parse(answer).get("detail").asString()).contains(quota);
		assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 10L);
	}

	@Test
	@DisplayName("callsPerSecond | 429 for calls and pushes; other tenants do not notice")
	void shouldRefuseCallsAndPushes() throws Exception {
		try (RawSocketAgent _ = RawSocketAgent.connect(this.gateway, this.me)) {
			setQuotas("\"callsPerSecond\":0");
			await().untilAsserted(() -> assertRefused(
					this.caller.callAndWait(this.me, "{\"method\":\"m\"}", "Prefer", "wait=1"), "callsPerSecond (0 "));
			assertRefused(this.caller.push(this.me, "{\"method\":\"m\"}").join(), "callsPerSecond (0 ");
			assertThat(this.caller.metric("switchboard_quota_refused_total")).isPositive();
		}
		Identity other = Identity.fresh();
		try (RawSocketAgent _ = RawSocketAgent.connect(this.gateway, other)) {
			assertThat(this.caller.push(other, "{\"method\":\"m\"}").join().statusCode()).isEqualTo(202);
		}
	}

	@Test
	@DisplayName("bytesPerSecond | 429 for calls and pushes after a long answer, and event-error for events")
	void shouldRefuseBytes() throws Exception {
		setQuotas("\"bytesPerSecond\":1000");
		Identity other = new Identity(this.me.tenant(), "other");
		try (RawSocketAgent answering = RawSocketAgent.connect(this.gateway, this.me);
				RawSocketAgent sending = RawSocketAgent.connect(this.gateway, other)) {
			Thread answers = Thread.ofVirtual().start(() -> answering.answerAll("\"" + "x".repeat(100_000) + "\""));
			await().untilAsserted(
					() -> assertRefused(this.caller.callAndWait(this.me, Caller.BODY), "bytesPerSecond (1000 "));
			assertRefused(this.caller.push(this.me, "{\"method\":\"m\"}").join(), "bytesPerSecond (1000 ");
			sending.send("{\"type\":\"event\",\"id\":\"e\",\"subject\":\"s\",\"payload\":1}");
			assertThat(Json.parse(sending.next()).get("message").asString()).contains("bytesPerSecond (1000 ");
			answers.interrupt();
		}
	}

	@Test
	@DisplayName("callsInFlight | 429, and calls that wait for their agent to connect count")
	void shouldRefuseCallsInFlight() throws Exception {
		RawSocketAgent.connect(this.gateway, this.me).close();
		this.caller.awaitOffline(this.me);
		setQuotas("\"callsInFlight\":1");
		await().untilAsserted(() -> {
			var waiting = this.caller.call(this.me, "{\"method\":\"m\"}", "Prefer", "wait=1",
					"Switchboard-Connect-Wait", "3");
			assertRefused(this.caller.callAndWait(this.me, "{\"method\":\"m\"}", "Prefer", "wait=1"),
					"callsInFlight (1 ");
			assertThat(waiting.join().statusCode()).isIn(409, 429);
		});
	}

	@Test
	@DisplayName("durablePushes | 429")
	void shouldRefuseDurablePushes() throws Exception {
		RawSocketAgent.connect(this.gateway, this.me).close();
		this.caller.awaitOffline(this.me);
		setQuotas("\"durablePushes\":1");
		String push = "{\"method\":\"m\",\"durable\":true}";
		assertThat(this.caller.push(this.me, push).join().statusCode()).isEqualTo(202);
		assertRefused(this.caller.push(this.me, push).join(), "durablePushes");
	}

	@Test
	@DisplayName("connections | 503 with Retry-After; a connected agent may replace its connection")
	void shouldRefuseHandshakes() throws Exception {
		try (RawSocketAgent first = RawSocketAgent.connect(this.gateway, this.me)) {
			setQuotas("\"connections\":1");
			Identity other = new Identity(this.me.tenant(), "other");
			await().untilAsserted(() -> {
				RawResponse refusal = handshake(other);
				assertThat(refusal.status()).isEqualTo(503);
				assertThat(refusal.body()).contains("connections (1 ");
				assertThat(Integer.parseInt(refusal.header("retry-after"))).isBetween(1, 31);
			});
			try (RawSocketAgent _ = RawSocketAgent.connect(this.gateway, this.me)) {
				assertThat(first.awaitClose()).isEqualTo(4501);
				assertThat(handshake(other).status()).isEqualTo(503);
			}
		}
	}

	private RawResponse handshake(Identity identity) throws Exception {
		return RawSocketAgent.handshake(this.gateway, "/v1/connect", "Sec-WebSocket-Protocol: switchboard.v1.json",
				"Switchboard-Tenant: " + identity.tenant(), "Switchboard-Agent: " + identity.agent());
	}

	@Test
	@DisplayName("eventsPerSecond | event-error with retryMillis")
	void shouldRefuseEvents() throws Exception {
		try (RawSocketAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			setQuotas("\"eventsPerSecond\":0");
			await().untilAsserted(() -> {
				agent.send("{\"type\":\"event\",\"id\":\"e\",\"subject\":\"s\",\"payload\":1}");
				JsonNode error = Json.parse(agent.next());
				assertThat(error.get("type").asString()).isEqualTo("event-error");
				assertThat(error.get("message").asString()).contains("eventsPerSecond (0 ");
				assertThat(error.get("retryMillis").asLong()).isPositive();
			});
		}
	}

}
