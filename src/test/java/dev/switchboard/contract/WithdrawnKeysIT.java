package dev.switchboard.contract;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("jwt mode, keys that leave the issuer's key set")
class WithdrawnKeysIT {

	private static final String SPRING = "spring.security.oauth2.resourceserver.jwt.";

	private static TokenIssuer issuer;

	private static GatewayProcess gateway;

	@AutoClose
	private final HttpClient http = HttpClient.newHttpClient();

	private final Identity me = Identity.fresh();

	@BeforeAll
	static void start() throws Exception {
		issuer = new TokenIssuer();
		gateway = GatewayProcess.start("switchboard.security.mode=jwt", "switchboard.security.key-set-refresh=1s",
				"switchboard.security.max-key-set-age=20s", SPRING + "jwk-set-uri=" + issuer.url("/jwks"),
				SPRING + "issuer-uri=" + issuer.url(""), SPRING + "audiences=" + TokenIssuer.AUDIENCE);
	}

	@AfterAll
	static void stop() {
		gateway.close();
		issuer.close();
	}

	@AfterEach
	void serveAllKeys() {
		issuer.serveKeys("rsa", "ec", "ed");
		await().untilAsserted(() -> assertThat(handshake(agentToken(JWSAlgorithm.ES256))).isEqualTo(101));
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
	}

	private String agentToken(JWSAlgorithm algorithm) throws JOSEException {
		return issuer.token(algorithm, this.me.tenant(), this.me.agent(), "agent:connect");
	}

	private RawSocketAgent connect(JWSAlgorithm algorithm) throws Exception {
		return RawSocketAgent.connect(RawHttp.open(gateway.agentPort()), "Sec-WebSocket-Protocol: switchboard.v1.json",
				"Authorization: Bearer " + agentToken(algorithm));
	}

	/** Tries a handshake of another agent than this test's. */
	private int handshake(String token) throws Exception {
		return answer(token).status();
	}

	private RawResponse answer(String token) throws Exception {
		return RawSocketAgent.handshake(gateway, "/v1/connect", "Sec-WebSocket-Protocol: switchboard.v1.json",
				"Authorization: Bearer " + token);
	}

	private String otherAgent(JWSAlgorithm algorithm) throws JOSEException {
		Identity other = Identity.fresh();
		return issuer.token(algorithm, other.tenant(), other.agent(), "agent:connect");
	}

	private HttpResponse<String> get(URI uri, String token) throws Exception {
		return this.http.send(HttpRequest.newBuilder(uri)
			.header("Authorization", "Bearer " + token)
			.timeout(Duration.ofSeconds(20))
			.build(), BodyHandlers.ofString());
	}

	private static String callerToken(JWSAlgorithm algorithm) throws JOSEException {
		return issuer.token(algorithm, "*", "backend", "admin");
	}

	private void assertCallable(TestAgent agent) throws Exception {
		String token = issuer.token(this.me.tenant(), "backend", "agent:call");
		var response = new Caller(gateway, "Authorization", "Bearer " + token).call(this.me);
		agent.answer(agent.nextCall(), "1");
		assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
	}

	private static void assertWithdrawn(RawSocketAgent agent) throws Exception {
		WireFrame close = agent.awaitFrame(WireFrame.FIN_CLOSE);
		assertThat(close.closeCode()).isEqualTo(4003);
		assertThat(close.closeReason()).startsWith("key withdrawn: ec (SHA-256 ");
	}

	@Test
	@DisplayName("a key is left out | its tokens are refused, and connections with them close 4003; others stay")
	void shouldCloseTheConnectionsOfAWithdrawnKey() throws Exception {
		String remembered = callerToken(JWSAlgorithm.ES256);
		assertThat(get(gateway.api("/v1/nodes"), remembered).statusCode()).isEqualTo(200);
		Identity other = Identity.fresh();
		try (RawSocketAgent agent = connect(JWSAlgorithm.ES256);
				TestAgent bystander = JdkAgent.connect(gateway, "Authorization", "Bearer " + issuer.agent(other))) {
			assertCallable(agent);
			issuer.serveKeys("rsa", "ed");
			await().untilAsserted(() -> assertThat(handshake(otherAgent(JWSAlgorithm.ES256))).isEqualTo(401));
			assertThat(get(gateway.api("/v1/nodes"), remembered).statusCode()).isEqualTo(401);
			assertWithdrawn(agent);
			String token = issuer.token(other.tenant(), "backend", "agent:call");
			var response = new Caller(gateway, "Authorization", "Bearer " + token).call(other);
			bystander.answer(bystander.nextCall(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("another key with the same id | the old key is withdrawn, and the new one counts")
	void shouldTakeAKeyThatWasReplacedForWithdrawn() throws Exception {
		String old = otherAgent(JWSAlgorithm.ES256);
		try (RawSocketAgent agent = connect(JWSAlgorithm.ES256)) {
			issuer.replaceEc();
			assertWithdrawn(agent);
			assertThat(handshake(old)).isEqualTo(401);
			assertThat(handshake(otherAgent(JWSAlgorithm.ES256))).isEqualTo(101);
		}
	}

	@Test
	@DisplayName("a fresh token of another key in time | the connection stays")
	void shouldSpareAnAgentThatHasSentAFreshToken() throws Exception {
		Identity other = Identity.fresh();
		try (RawSocketAgent stale = RawSocketAgent.connect(RawHttp.open(gateway.agentPort()),
				"Sec-WebSocket-Protocol: switchboard.v1.json",
				"Authorization: Bearer "
						+ issuer.token(JWSAlgorithm.ES256, other.tenant(), other.agent(), "agent:connect"));
				RawSocketAgent agent = connect(JWSAlgorithm.ES256)) {
			issuer.serveKeys("rsa", "ed");
			await().untilAsserted(() -> assertThat(handshake(otherAgent(JWSAlgorithm.ES256))).isEqualTo(401));
			agent.send("{\"type\":\"auth-refresh\",\"token\":\"" + agentToken(JWSAlgorithm.RS256) + "\"}");
			assertWithdrawn(stale);
			assertCallable(agent);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"EC\"}]}", "<html>", "" })
	@DisplayName("a set without a usable key | withdraws nothing")
	void shouldKeepTheKeysWhenTheSetIsEmptyOrBroken(String set) throws Exception {
		String metrics = issuer.token("*", "prometheus", "metrics:read");
		try (TestAgent agent = connect(JWSAlgorithm.ES256)) {
			double before = failedReadings(metrics);
			issuer.serve(200, set);
			await().until(() -> failedReadings(metrics) > before);
			assertThat(handshake(otherAgent(JWSAlgorithm.ES256))).isEqualTo(101);
			assertCallable(agent);
		}
	}

	@Test
	@DisplayName("the issuer is away | its keys count until they are too old, then 503; connections stay")
	void shouldBelieveInKeysThatCannotBeReadForALimitedTime() throws Exception {
		try (TestAgent agent = connect(JWSAlgorithm.ES256)) {
			String remembered = callerToken(JWSAlgorithm.ES256);
			issuer.serve(500, "away");
			assertThat(handshake(otherAgent(JWSAlgorithm.ES256))).isEqualTo(101);
			assertThat(get(gateway.api("/v1/nodes"), remembered).statusCode()).isEqualTo(200);
			await().untilAsserted(() -> assertThat(handshake(otherAgent(JWSAlgorithm.ES256))).isEqualTo(503));
			assertThat(answer(otherAgent(JWSAlgorithm.ES256)).body()).contains("switchboard.security.max-key-set-age");
			await().untilAsserted(() -> {
				HttpResponse<String> call = get(gateway.api("/v1/nodes"), remembered);
				assertThat(call.statusCode()).isEqualTo(503);
				assertThat(call.body()).contains("unavailable", "switchboard.security.max-key-set-age");
			});
			issuer.serveKeys("rsa", "ec", "ed");
			await()
				.untilAsserted(() -> assertThat(get(gateway.api("/v1/nodes"), remembered).statusCode()).isEqualTo(200));
			assertCallable(agent);
		}
	}

	private double failedReadings(String token) throws Exception {
		return get(gateway.management("/actuator/prometheus"), token).body()
			.lines()
			.filter((line) -> line.startsWith("switchboard_key_set_readings_total{outcome=\"failed\"}"))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
			.sum();
	}

}
