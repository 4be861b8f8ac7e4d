package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("jwt mode, who is let in")
@ExtendWith(JwtGateway.Shared.class)
class JwtTokensIT {

	private static final Problem UNAUTHORIZED = new Problem("unauthorized", 401, "not_sent");

	private static final String PROTOCOL = "Sec-WebSocket-Protocol: switchboard.v1.json";

	private final Identity me = Identity.fresh();

	private final JwtGateway gateway;

	JwtTokensIT(JwtGateway gateway) {
		this.gateway = gateway;
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "RS256", "ES256", "EdDSA" })
	@DisplayName("algorithm | good for agents and callers")
	void shouldTakeEveryAlgorithm(String algorithm) throws Exception {
		JWSAlgorithm signed = JWSAlgorithm.parse(algorithm);
		String mine = this.gateway.issuer().sign(signed, this.me.tenant(), this.me.agent(), "agent:connect", (_) -> {
		});
		String theirs = this.gateway.issuer().sign(signed, this.me.tenant(), "backend", "agent:call", (_) -> {
		});
		try (TestAgent agent = JdkAgent.connect(this.gateway.process(), "Authorization", "Bearer " + mine)) {
			var response = this.gateway.caller(theirs).call(this.me);
			agent.answer(agent.nextCall(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("an agent's token as a subprotocol | 101, ours selected, the token never echoed")
	void shouldTakeATokenAsASubprotocol() throws Exception {
		String token = this.gateway.issuer().agent(this.me);
		RawResponse response = this.gateway.handshake("Sec-WebSocket-Protocol: switchboard.v1.json, bearer." + token);
		assertThat(response.status()).isEqualTo(101);
		assertThat(response.header("sec-websocket-protocol")).isEqualTo("switchboard.v1.json");
		assertThat(response.headers().toString()).doesNotContain(token);
		assertThat(this.gateway.handshake("Sec-WebSocket-Protocol: bearer." + token + ", switchboard.v1.json").status())
			.isEqualTo(101);
		assertThat(this.gateway.handshake("Sec-WebSocket-Protocol: bearer." + token).status()).isEqualTo(400);
	}

	@Test
	@DisplayName("an agent's token in the query | 401")
	void shouldNotTakeATokenInTheQuery() throws Exception {
		String token = this.gateway.issuer().agent(this.me);
		for (String name : List.of("access_token", "token", "bearer")) {
			assertThat(RawSocketAgent.handshake(this.gateway.process(), "/v1/connect?" + name + "=" + token, PROTOCOL)
				.status()).isEqualTo(401);
		}
	}

	static Stream<Named<Consumer<JWTClaimsSet.Builder>>> defects() {
		return Stream.of(Named.of("no exp", (claims) -> claims.expirationTime(null)),
				Named.of("no iss", (claims) -> claims.issuer(null)),
				Named.of("no aud", (claims) -> claims.audience((String) null)),
				Named.of("another iss", (claims) -> claims.issuer("https://another.example")),
				Named.of("another aud", (claims) -> claims.audience("another")),
				Named.of("expired", (claims) -> claims.expirationTime(Date.from(Instant.now().minusSeconds(600)))),
				Named.of("not yet valid", (claims) -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(600)))));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("defects")
	@DisplayName("problem unauthorized (a bad token) | 401 | not_sent")
	void shouldRefuseABadToken(Consumer<JWTClaimsSet.Builder> defect) throws Exception {
		String mine = this.gateway.issuer()
			.sign(JWSAlgorithm.RS256, this.me.tenant(), this.me.agent(), "agent:connect", defect);
		String theirs = this.gateway.issuer()
			.sign(JWSAlgorithm.RS256, this.me.tenant(), "backend", "agent:call", defect);
		assertThat(this.gateway.handshake(PROTOCOL, "Authorization: Bearer " + mine).status()).isEqualTo(401);
		assertThat(this.gateway.handshake(PROTOCOL + ", bearer." + mine).status()).isEqualTo(401);
		UNAUTHORIZED.in(this.gateway.caller(theirs).callAndWait(this.me, Caller.BODY));
	}

	@Test
	@DisplayName("problem unauthorized (forged) | 401 | not_sent")
	void shouldRefuseAForgedToken() throws Exception {
		String forged;
		try (TokenIssuer stranger = new TokenIssuer()) {
			forged = stranger.sign(JWSAlgorithm.RS256, this.me.tenant(), this.me.agent(), "agent:connect agent:call",
					(claims) -> claims.issuer(this.gateway.issuer().url("")));
		}
		String plain = new PlainJWT(new JWTClaimsSet.Builder().issuer(this.gateway.issuer().url(""))
			.audience(TokenIssuer.AUDIENCE)
			.subject(this.me.agent())
			.expirationTime(Date.from(Instant.now().plusSeconds(600)))
			.claim("tenant", this.me.tenant())
			.claim("scope", "agent:connect agent:call admin")
			.build()).serialize();
		for (String token : List.of(plain, forged, "x", "a.b.c", "")) {
			assertThat(this.gateway.handshake(PROTOCOL, "Authorization: Bearer " + token).status()).isEqualTo(401);
			UNAUTHORIZED.in(this.gateway.caller(token).callAndWait(this.me, Caller.BODY));
		}
	}

	@Test
	@DisplayName("problem unauthorized (no token) | 401 | not_sent")
	void shouldRefuseWithoutAToken() throws Exception {
		Caller nobody = new Caller(this.gateway.process());
		assertThat(this.gateway.handshake(PROTOCOL).status()).isEqualTo(401);
		UNAUTHORIZED.in(nobody.callAndWait(this.me, Caller.BODY));
		UNAUTHORIZED.in(Caller.finished(nobody.push(this.me, Caller.BODY)));
		for (String path : List.of(this.me.path(), "/v1/nodes", "/v1/tenants/" + this.me.tenant() + "/agents",
				"/v1/tenants/" + this.me.tenant() + "/calls/6f9619ff-8b86-4d01-b42d-00cf4fc964ff")) {
			HttpResponse<String> response = nobody.get(path);
			UNAUTHORIZED.in(response);
			assertThat(response.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
		}
		UNAUTHORIZED.in(nobody.delete(this.me.path() + "/connection"));
	}

	@Test
	@DisplayName("identity claimed as in dev mode | 400")
	void shouldRefuseADevIdentity() throws Exception {
		String bearer = "Authorization: Bearer " + this.gateway.issuer().agent(this.me);
		assertThat(this.gateway.handshake(PROTOCOL, "Switchboard-Tenant: t", "Switchboard-Agent: a").status())
			.isEqualTo(400);
		assertThat(this.gateway.handshake(PROTOCOL, bearer, "Switchboard-Tenant: " + this.me.tenant()).status())
			.isEqualTo(400);
		assertThat(this.gateway.handshake(PROTOCOL, bearer, "Switchboard-Agent: " + this.me.agent()).status())
			.isEqualTo(400);
		assertThat(RawSocketAgent.handshake(this.gateway.process(), "/v1/connect?tenant=t&agent=a", PROTOCOL, bearer)
			.status()).isEqualTo(400);
	}

	@Test
	@DisplayName("4003 | the token ends, and the connection with it; its calls fail")
	void shouldCloseWhenTheTokenEnds() throws Exception {
		String token = this.gateway.issuer()
			.sign(JWSAlgorithm.RS256, this.me.tenant(), this.me.agent(), "agent:connect",
					(claims) -> claims.expirationTime(Date.from(Instant.now().plusSeconds(3))));
		try (TestAgent agent = JdkAgent.connect(this.gateway.process(), "Authorization", "Bearer " + token)) {
			var response = this.gateway.caller(this.me.tenant(), "agent:call").call(this.me);
			agent.nextCall();
			assertThat(agent.awaitClose()).isEqualTo(4003);
			Problem.agentDisconnected().in(Caller.finished(response));
		}
	}

	@Test
	@DisplayName("a token | never in the log")
	void shouldNotLogTokens() throws Exception {
		String token = this.gateway.issuer().token(this.me.tenant(), "backend", "agent:read");
		this.gateway.caller(token).get(this.me.path());
		this.gateway.handshake("Sec-WebSocket-Protocol: switchboard.v1.json, bearer." + token);
		assertThat(this.gateway.process().log()).doesNotContain(token);
	}

}
