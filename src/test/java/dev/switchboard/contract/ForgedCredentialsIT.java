package dev.switchboard.contract;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Good tokens at places where none may be, or twice. In the rows, {@code C} stands for a
 * caller's token, {@code A} for an agent's, and {@code |} parts header lines.
 */
@DisplayName("Credentials at the wrong place")
@ExtendWith(JwtGateway.Shared.class)
class ForgedCredentialsIT {

	private final Identity me = Identity.fresh();

	private final JwtGateway gateway;

	ForgedCredentialsIT(JwtGateway gateway) {
		this.gateway = gateway;
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "X: y", "Authorization: C", "Authorization: Basic C", "Authorization: Token C",
			"Authorization: Bearer", "Authorization: Bearer C C", "Authorization: Bearer C, Bearer C",
			"Authorization: Bearer C | Authorization: Bearer C", "Authorization: Bearer C | Authorization: Basic YTpi",
			"Authorization: Basic YTpi | Authorization: Bearer C", "Authorization: Bearer \"C\"",
			"Authorization: Bearer=C", "Authorization: Bearer C;", "Authorization: Bearer C=", "Cookie: access_token=C",
			"Cookie: Authorization=Bearer C", "Proxy-Authorization: Bearer C", "X-Authorization: Bearer C",
			"X-Forwarded-Authorization: Bearer C", "Sec-WebSocket-Protocol: bearer.C", "Authorization_: Bearer C",
			"X-Original-URL: /docs", "X-Rewrite-URL: /docs", "X-Forwarded-Prefix: /docs",
			"X-HTTP-Method-Override: OPTIONS" })
	@DisplayName("the API | 400 or 401")
	void shouldRefuseACaller(String row) throws Exception {
		String token = this.gateway.issuer().token(this.me.tenant(), "backend", "agent:read");
		assertThat(api(this.me.path(), row.replaceAll("\\bC\\b", token)).status()).isIn(400, 401);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "access_token", "token", "bearer", "authorization", "jwt", "id_token" })
	@DisplayName("a token in the query, on both ports | 401")
	void shouldRefuseATokenInTheQuery(String name) throws Exception {
		String caller = this.gateway.issuer().token(this.me.tenant(), "backend", "agent:read");
		assertThat(api(this.me.path() + "?" + name + "=" + caller, "X: y").status()).isEqualTo(401);
		assertThat(api(this.me.path() + "?" + name + "=Bearer%20" + caller, "X: y").status()).isEqualTo(401);
		assertThat(agent("/v1/connect?" + name + "=" + this.gateway.issuer().agent(this.me), "X: y").status())
			.isEqualTo(401);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "X: y", "Authorization: A", "Authorization: Basic A", "Authorization: Bearer",
			"Authorization: Bearer A A", "Authorization: Bearer A | Authorization: Bearer A",
			"Authorization: Bearer A | Sec-WebSocket-Protocol: bearer.A", "Authorization: Bearer A, Bearer A",
			"Sec-WebSocket-Protocol: bearer.A, bearer.A", "Sec-WebSocket-Protocol: Bearer.A",
			"Sec-WebSocket-Protocol: token.A", "Sec-WebSocket-Protocol: bearer. A", "Cookie: access_token=A",
			"Proxy-Authorization: Bearer A", "Authorization: Bearer A=", "Sec-WebSocket-Protocol: bearer.A==" })
	@DisplayName("the agent port | 400 or 401")
	void shouldRefuseAnAgent(String row) throws Exception {
		String token = this.gateway.issuer().agent(this.me);
		assertThat(agent("/v1/connect", row.replaceAll("\\bA\\b", token)).status()).isIn(400, 401);
	}

	@Test
	@DisplayName("an agent's token at the API, and a caller's at the agent port | 403")
	void shouldRefuseTheTokenOfTheOtherPort() throws Exception {
		String everything = "agent:call agent:push agent:read events:read metrics:read admin";
		String caller = this.gateway.issuer().token(this.me.tenant(), this.me.agent(), everything);
		assertThat(api(this.me.path(), "Authorization: Bearer " + this.gateway.issuer().agent(this.me)).status())
			.isEqualTo(403);
		assertThat(agent("/v1/connect", "Authorization: Bearer " + caller).status()).isEqualTo(403);
	}

	@Test
	@DisplayName("the same tokens at their place | let in")
	void shouldLetInWhatTheRowsAreMadeOf() throws Exception {
		String caller = this.gateway.issuer().token(this.me.tenant(), "backend", "agent:read");
		assertThat(api(this.me.path(), "Authorization: Bearer " + caller).status()).isEqualTo(404);
		assertThat(agent("/v1/connect", "Authorization: Bearer " + this.gateway.issuer().agent(this.me)).status())
			.isEqualTo(101);
		assertThat(
				agent("/v1/connect", "Sec-WebSocket-Protocol: bearer." + this.gateway.issuer().agent(this.me)).status())
			.isEqualTo(101);
	}

	private RawResponse api(String target, String lines) throws IOException {
		return RawHttp.get(this.gateway.process().apiPort(), target, lines.split(" \\| "));
	}

	private RawResponse agent(String target, String lines) throws Exception {
		List<String> all = new ArrayList<>(List.of("Sec-WebSocket-Protocol: switchboard.v1.json"));
		all.addAll(List.of(lines.split(" \\| ")));
		return RawSocketAgent.handshake(this.gateway.process(), target, all.toArray(String[]::new));
	}

}
