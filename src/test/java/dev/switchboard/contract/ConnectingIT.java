package dev.switchboard.contract;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Connecting, in dev mode")
@ExtendWith(SharedGateway.class)
class ConnectingIT {

	private static final String PROTOCOL = "Sec-WebSocket-Protocol: switchboard.v1.json";

	private static final String LONGEST = "x".repeat(128);

	private final GatewayProcess gateway;

	private final Caller caller;

	ConnectingIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@ParameterizedTest(name = "agent {0}")
	@EnumSource(TestAgent.Kind.class)
	@DisplayName("identity by headers | 101, welcome")
	void shouldConnectByHeaders(TestAgent.Kind kind) throws Exception {
		Identity me = Identity.fresh();
		try (TestAgent agent = kind.connect(this.gateway, me)) {
			assertThat(agent.welcome().get("type").asString()).isEqualTo("welcome");
			this.caller.awaitStatus(me, "online");
		}
	}

	@Test
	@DisplayName("identity by query | 101")
	void shouldConnectByQuery() throws Exception {
		Identity me = Identity.fresh();
		try (RawHttp http = RawHttp.open(this.gateway.agentPort())) {
			http.head("GET /v1/connect?tenant=" + me.tenant() + "&agent=" + me.agent(), "Host: localhost",
					"Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13",
					"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", PROTOCOL);
			assertThat(http.readResponse().status()).isEqualTo(101);
			this.caller.awaitStatus(me, "online");
		}
	}

	@Test
	@DisplayName("the answer to the handshake | RFC 6455, with our subprotocol and no extension")
	void shouldAnswerTheHandshakeAsTheRfcHasIt() throws IOException {
		RawResponse response = handshake(Identity.fresh(), PROTOCOL,
				"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");
		assertThat(response.status()).isEqualTo(101);
		assertThat(response.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
		assertThat(response.header("upgrade")).isEqualToIgnoringCase("websocket");
		assertThat(response.header("connection")).isEqualToIgnoringCase("upgrade");
		assertThat(response.header("sec-websocket-protocol")).isEqualTo("switchboard.v1.json");
		assertThat(response.headers()).doesNotContainKey("sec-websocket-extensions");
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(
			strings = { "mqtt, switchboard.v1.json", "switchboard.v1.json, mqtt", "mqtt,switchboard.v1.json,soap" })
	@DisplayName("our subprotocol among others | 101, ours selected")
	void shouldSelectOurSubprotocolAmongOthers(String offered) throws IOException {
		RawResponse response = handshake(Identity.fresh(), "Sec-WebSocket-Protocol: " + offered);
		assertThat(response.status()).isEqualTo(101);
		assertThat(response.header("sec-websocket-protocol")).isEqualTo("switchboard.v1.json");
	}

	@Test
	@DisplayName("subprotocols in two header lines | 101, ours selected")
	void shouldReadTheSubprotocolsOfEveryHeaderLine() throws IOException {
		RawResponse response = handshake(Identity.fresh(), "Sec-WebSocket-Protocol: mqtt", PROTOCOL);
		assertThat(response.status()).isEqualTo(101);
		assertThat(response.header("sec-websocket-protocol")).isEqualTo("switchboard.v1.json");
	}

	@Test
	@DisplayName("a token as a subprotocol | never selected, never echoed")
	void shouldNeverEchoAToken() throws IOException {
		RawResponse response = handshake(Identity.fresh(),
				"Sec-WebSocket-Protocol: bearer.abc.def.ghi, switchboard.v1.json");
		assertThat(response.headers().toString() + response.body()).doesNotContain("abc.def.ghi");
		assertThat(response.header("sec-websocket-protocol")).isIn("", "switchboard.v1.json");
	}

	@Test
	@DisplayName("no subprotocol | 400")
	void shouldRefuseWithoutASubprotocol() throws IOException {
		assertThat(handshake(Identity.fresh()).status()).isEqualTo(400);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "mqtt", "switchboard.v2.json", "Switchboard.V1.Json", "bearer.abc.def.ghi" })
	@DisplayName("none of the server's subprotocols | 400, nothing echoed")
	void shouldRefuseOtherSubprotocols(String offered) throws IOException {
		RawResponse response = handshake(Identity.fresh(), "Sec-WebSocket-Protocol: " + offered);
		assertThat(response.status()).isEqualTo(400);
		assertThat(response.headers()).doesNotContainKey("sec-websocket-protocol");
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "", "?tenant=t", "?agent=a", "?tenant=&agent=" })
	@DisplayName("no identity | 400")
	void shouldRefuseWithoutAnIdentity(String query) throws IOException {
		assertThat(RawSocketAgent.handshake(this.gateway, "/v1/connect" + query, PROTOCOL).status()).isEqualTo(400);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { ".a", "a b", "a/b", "a%b", "a@b", "a,b", "\u00e4", "a\u0000b", "*" })
	@DisplayName("identifier out of the alphabet | 400")
	void shouldRefuseIdentifiersOutOfTheAlphabet(String id) throws IOException {
		String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8);
		assertThat(byQuery("good", encoded).status()).isEqualTo(400);
		assertThat(byQuery(encoded, "good").status()).isEqualTo(400);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { ".a", "a b", "a/b", "a%b", "a@b", "a,b", "*" })
	@DisplayName("identifier out of the alphabet, in a header | 400")
	void shouldRefuseIdentifiersOutOfTheAlphabetInHeaders(String id) throws IOException {
		assertThat(handshake(new Identity("good", id), PROTOCOL).status()).isEqualTo(400);
		assertThat(handshake(new Identity(id, "good"), PROTOCOL).status()).isEqualTo(400);
	}

	@Test
	@DisplayName("identifier of 129 characters | 400")
	void shouldRefuseIdentifiersThatAreTooLong() throws IOException {
		assertThat(byQuery("good", LONGEST + "x").status()).isEqualTo(400);
		assertThat(handshake(new Identity(LONGEST + "x", "good"), PROTOCOL).status()).isEqualTo(400);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "a", "-", "_", ":", "AZaz09._:-", "a..b" })
	@DisplayName("identifier out of the whole alphabet | 101")
	void shouldAcceptTheWholeAlphabet(String id) throws IOException {
		assertThat(handshake(new Identity(Identity.fresh().tenant(), id), PROTOCOL).status()).isEqualTo(101);
	}

	@Test
	@DisplayName("identifier of 128 characters | 101, and callable")
	void shouldAcceptTheLongestIdentifier() throws Exception {
		Identity me = new Identity(LONGEST, LONGEST);
		try (TestAgent agent = JdkAgent.connect(this.gateway, me)) {
			var response = this.caller.call(me);
			agent.answer(agent.nextCall(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("identifiers are case-sensitive")
	void shouldTellCasesApart() throws Exception {
		String tenant = Identity.fresh().tenant();
		try (TestAgent lower = RawSocketAgent.connect(this.gateway, new Identity(tenant, "case"));
				TestAgent upper = RawSocketAgent.connect(this.gateway, new Identity(tenant, "CASE"))) {
			var toLower = this.caller.call(new Identity(tenant, "case"));
			lower.answer(lower.nextCall(), "\"lower\"");
			var toUpper = this.caller.call(new Identity(tenant, "CASE"));
			upper.answer(upper.nextCall(), "\"upper\"");
			assertThat(Caller.finished(toLower).body()).contains("\"lower\"");
			assertThat(Caller.finished(toUpper).body()).contains("\"upper\"");
			Problem.agentUnknown().in(this.caller.callAndWait(new Identity(tenant, "Case"), Caller.BODY));
			Problem.agentUnknown()
				.in(this.caller.callAndWait(new Identity(tenant.toUpperCase(Locale.ROOT), "case"), Caller.BODY));
		}
	}

	@Test
	@DisplayName("no upgrade, or another version of it | refused")
	void shouldRefuseWhatIsNoHandshake() throws IOException {
		String query = "/v1/connect?tenant=t&agent=a";
		assertThat(RawHttp.get(this.gateway.agentPort(), query).status()).isBetween(400, 499);
		try (RawHttp http = RawHttp.open(this.gateway.agentPort())) {
			http.head("GET " + query, "Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
					"Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", PROTOCOL);
			RawResponse response = http.readResponse();
			assertThat(response.status()).isBetween(400, 499);
			assertThat(response.header("sec-websocket-version")).contains("13");
		}
	}

	@Test
	@DisplayName("connection by connection | a new id and a higher epoch at every handshake")
	void shouldGiveANewIdAndAHigherEpochEachTime() throws Exception {
		Identity me = Identity.fresh();
		long epoch = 0;
		String connection = "";
		for (int i = 0; i < 5; i++) {
			try (TestAgent agent = RawSocketAgent.connect(this.gateway, me)) {
				assertThat(agent.welcome().get("epoch").asLong()).isGreaterThan(epoch);
				assertThat(agent.welcome().get("connectionId").asString()).isNotEqualTo(connection);
				epoch = agent.welcome().get("epoch").asLong();
				connection = agent.welcome().get("connectionId").asString();
			}
		}
	}

	private RawResponse handshake(Identity identity, String... headerLines) throws IOException {
		String[] lines = Arrays.copyOf(headerLines, headerLines.length + 2);
		lines[headerLines.length] = "Switchboard-Tenant: " + identity.tenant();
		lines[headerLines.length + 1] = "Switchboard-Agent: " + identity.agent();
		return RawSocketAgent.handshake(this.gateway, "/v1/connect", lines);
	}

	private RawResponse byQuery(String tenant, String agent) throws IOException {
		return RawSocketAgent.handshake(this.gateway, "/v1/connect?tenant=" + tenant + "&agent=" + agent, PROTOCOL);
	}

}
