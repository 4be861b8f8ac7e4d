package dev.switchboard.contract;

import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@DisplayName("jwt mode, fresh tokens on open connections")
@ExtendWith(JwtGateway.Shared.class)
class JwtRefreshIT {

	private final Identity me = Identity.fresh();

	private final JwtGateway gateway;

	JwtRefreshIT(JwtGateway gateway) {
		this.gateway = gateway;
	}

	/** Makes a token for an agent from the token that the connection has now. */
	@FunctionalInterface
	interface Fresh {

		String token(TokenIssuer issuer, Identity agent) throws JOSEException;

	}

	static Stream<Named<Fresh>> badTokens() {
		return Stream.of(Named.of("no token", (_, _) -> "none"),
				Named.of("another agent's", (issuer, agent) -> issuer.agent(new Identity(agent.tenant(), "other"))),
				Named.of("another tenant's", (issuer, agent) -> issuer.agent(new Identity("other", agent.agent()))),
				Named.of("expired", (issuer, agent) -> token(issuer, agent, Instant.now().minusSeconds(3600))),
				Named.of("a caller's", (issuer, agent) -> issuer.token(agent.tenant(), agent.agent(), "agent:call")),
				Named.of("too long", (_, _) -> "x".repeat(20_000)));
	}

	private static String token(TokenIssuer issuer, Identity agent, Instant end) throws JOSEException {
		return issuer.sign(JWSAlgorithm.RS256, agent.tenant(), agent.agent(), "agent:connect",
				(claims) -> claims.expirationTime(Date.from(end)));
	}

	private RawSocketAgent connect(Instant end) throws Exception {
		return RawSocketAgent.connect(RawHttp.open(this.gateway.process().agentPort()),
				"Sec-WebSocket-Protocol: switchboard.v1.json",
				"Authorization: Bearer " + token(this.gateway.issuer(), this.me, end));
	}

	private static String refresh(String token) {
		return "{\"type\":\"auth-refresh\",\"token\":\"" + token + "\"}";
	}

	private void assertCallable(TestAgent agent) throws Exception {
		var response = this.gateway.caller(this.me.tenant(), "agent:call").call(this.me);
		agent.answer(agent.nextCall(), "1");
		assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
	}

	@Test
	@DisplayName("a fresh token | the connection stays after the old token's end, and ends with the fresh one")
	void shouldStayPastTheOldEnd() throws Exception {
		Instant old = Instant.now().plusSeconds(3);
		try (TestAgent agent = connect(old)) {
			Instant fresh = old.plusSeconds(5);
			agent.send(refresh(token(this.gateway.issuer(), this.me, fresh)));
			await().until(() -> Instant.now().isAfter(old.plusSeconds(2)));
			assertCallable(agent);
			assertThat(agent.awaitClose()).isEqualTo(4003);
			assertThat(Instant.now()).isAfter(fresh);
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("badTokens")
	@DisplayName("a bad token | 4003, which says why")
	void shouldCloseForABadToken(Fresh bad) throws Exception {
		try (RawSocketAgent agent = connect(Instant.now().plusSeconds(600))) {
			agent.send(refresh(bad.token(this.gateway.issuer(), this.me)));
			WireFrame close = agent.awaitFrame(WireFrame.FIN_CLOSE);
			assertThat(close.closeCode()).isEqualTo(4003);
			assertThat(close.closeReason()).startsWith("fresh token: ").hasSizeGreaterThan(20);
		}
	}

	@Test
	@DisplayName("a flood of fresh tokens | calls go on, and the last token counts")
	void shouldAnswerCallsWhileTokensFlood() throws Exception {
		Instant end = Instant.now().plusSeconds(6);
		try (TestAgent agent = connect(end.plusSeconds(600))) {
			String good = refresh(token(this.gateway.issuer(), this.me, end.plusSeconds(600)));
			for (int i = 0; i < 2000; i++) {
				agent.send(good);
			}
			assertCallable(agent);
			agent.send(refresh(token(this.gateway.issuer(), this.me, end)));
			assertThat(agent.awaitClose()).isEqualTo(4003);
		}
	}

}
