package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.nimbusds.jose.JWSAlgorithm;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("jwt mode, what for")
@ExtendWith(JwtGateway.Shared.class)
class JwtScopesIT {

	private static final Problem FORBIDDEN = new Problem("forbidden", 403, "not_sent");

	private static final String PROTOCOL = "Sec-WebSocket-Protocol: switchboard.v1.json";

	private final Identity me = Identity.fresh();

	private final JwtGateway gateway;

	JwtScopesIT(JwtGateway gateway) {
		this.gateway = gateway;
	}

	@Test
	@DisplayName("a good token, but not for connecting | 403")
	void shouldRefuseATokenThatIsNotForConnecting() throws Exception {
		String tenant = this.me.tenant();
		for (String token : List.of(this.gateway.issuer().token(tenant, "a", "agent:call admin"),
				this.gateway.issuer().token(tenant, "a", ""), this.gateway.issuer().token("*", "a", "agent:connect"),
				this.gateway.issuer().token(tenant, ".a b", "agent:connect"),
				this.gateway.issuer()
					.sign(JWSAlgorithm.RS256, tenant, "a", "agent:connect",
							(claims) -> claims.claim("tenant", null)))) {
			assertThat(this.gateway.handshake(PROTOCOL, "Authorization: Bearer " + token).status()).isEqualTo(403);
		}
	}

	@ParameterizedTest(name = "{0} {1}")
	@CsvSource({ "POST, /calls, agent:call", "POST, /pushes, agent:push", "GET, /pushes, agent:push",
			"GET, '', agent:read", "DELETE, /connection, admin" })
	@DisplayName("scope | that one alone opens the door; without it 403")
	void shouldAskForTheScope(String method, String suffix, String scope) throws Exception {
		List<String> others = Stream.of("agent:call", "agent:push", "agent:read", "events:read", "agent:connect")
			.filter((each) -> !each.equals(scope))
			.toList();
		FORBIDDEN.in(request(method, suffix, String.join(" ", others)));
		Problem.agentUnknown().in(request(method, suffix, scope));
		Problem.agentUnknown().in(request(method, suffix, "events:read " + scope));
	}

	@Test
	@DisplayName("scope | agent:read for the listing, admin for webhooks and nodes")
	void shouldAskForTheScopeOfLists() throws Exception {
		String list = "/v1/tenants/" + this.me.tenant() + "/agents";
		assertThat(this.gateway.caller(this.me.tenant(), "agent:read").get(list).statusCode()).isEqualTo(200);
		FORBIDDEN.in(this.gateway.caller(this.me.tenant(), "agent:call").get(list));
		String webhooks = "/v1/tenants/" + this.me.tenant() + "/webhooks";
		assertThat(this.gateway.caller(this.me.tenant(), "admin").get(webhooks).statusCode()).isEqualTo(200);
		FORBIDDEN
			.in(this.gateway.caller(this.me.tenant(), "agent:call agent:push agent:read events:read").get(webhooks));
		FORBIDDEN.in(this.gateway.caller("other", "admin").get(webhooks));
		assertThat(this.gateway.caller("*", "admin").get("/v1/nodes").statusCode()).isEqualTo(200);
		FORBIDDEN.in(this.gateway.caller("*", "agent:call agent:push agent:read events:read").get("/v1/nodes"));
		FORBIDDEN.in(this.gateway.caller(this.me.tenant(), "admin").get("/v1/nodes"));
	}

	@Test
	@DisplayName("scope | admin for revocations; to change a tenant or list them all, admin of tenant *")
	void shouldAskForTheScopeOfRevocationsAndTenants() throws Exception {
		String tenant = "/v1/tenants/" + this.me.tenant();
		String revocation = this.me.path() + "/revocation";
		String[] json = { "Content-Type", "application/json" };
		Caller admin = this.gateway.caller(this.me.tenant(), "admin");
		Caller others = this.gateway.caller(this.me.tenant(), "agent:call agent:push agent:read events:read");
		Caller all = this.gateway.caller("*", "admin");
		FORBIDDEN.in(others.send("PUT", revocation, "", json));
		FORBIDDEN.in(this.gateway.caller("other", "admin").send("PUT", revocation, "", json));
		assertThat(admin.send("PUT", revocation, "", json).statusCode()).isEqualTo(204);
		assertThat(admin.get(revocation).body()).contains("\"by\":");
		FORBIDDEN.in(others.get(revocation));
		assertThat(admin.delete(revocation).statusCode()).isEqualTo(204);
		assertThat(admin.get(revocation).statusCode()).isEqualTo(404);
		assertThat(admin.get(tenant).statusCode()).isEqualTo(200);
		FORBIDDEN.in(others.get(tenant));
		FORBIDDEN.in(admin.send("PUT", tenant, "{}", json));
		assertThat(all.send("PUT", tenant, "{}", json).statusCode()).isEqualTo(200);
		assertThat(all.send("PUT", tenant, "{\"enable\":false}", json).statusCode()).isEqualTo(400);
		assertThat(all.send("PUT", tenant, "{\"quotas\":{\"calls\":1}}", json).statusCode()).isEqualTo(400);
		assertThat(all.send("PUT", tenant, "{\"quotas\":{\"connections\":-1}}", json).statusCode()).isEqualTo(400);
		FORBIDDEN.in(admin.get("/v1/tenants"));
		assertThat(all.get("/v1/tenants").statusCode()).isEqualTo(200);
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "agent:call, /agents/{agent}/calls", "agent:push, /agents/{agent}/pushes", "agent:call, /fleet-calls",
			"agent:push, /fleet-pushes" })
	@DisplayName("scope for some methods | these run, others are refused with 403")
	void shouldAllowTheMethodsOfANarrowedScope(String scope, String suffix) throws Exception {
		String path = "/v1/tenants/" + this.me.tenant() + suffix.replace("{agent}", this.me.agent());
		Caller narrowed = this.gateway.caller(this.me.tenant(), scope + ":config.* " + scope + ":info");
		for (String method : List.of("config", "information", "reboot", "")) {
			HttpResponse<String> answer = post(narrowed, path, method);
			assertThat(answer.statusCode()).as("%s: %s", method, answer.body()).isEqualTo(method.isEmpty() ? 400 : 403);
		}
		FORBIDDEN.in(post(narrowed, path, "reboot"));
		FORBIDDEN.in(post(this.gateway.caller(this.me.tenant(), "admin:info agent:read:info"), path, "info"));
		for (String method : List.of("config.get", "info")) {
			HttpResponse<String> answer = post(narrowed, path, method);
			assertThat(answer.body()).as(method).contains("agent-unknown");
		}
	}

	private HttpResponse<String> post(Caller caller, String path, String method) throws Exception {
		String agents = path.contains("fleet") ? ",\"agents\":[\"" + this.me.agent() + "\"]" : "";
		return caller.send("POST", path, "{\"method\":\"" + method + "\"" + agents + "}", "Content-Type",
				"application/json");
	}

	@Test
	@DisplayName("another tenant's path | 403, whatever exists there")
	void shouldRefuseAnotherTenantsPath() throws Exception {
		Identity other = Identity.fresh();
		Caller mine = this.gateway.caller(this.me.tenant(), "agent:call agent:push agent:read admin");
		try (TestAgent _ = this.gateway.connect(other)) {
			for (Identity theirs : List.of(other, new Identity(other.tenant(), "never"), Identity.fresh())) {
				FORBIDDEN.in(mine.callAndWait(theirs, Caller.BODY));
				FORBIDDEN.in(mine.callAndWait(theirs, "no JSON"));
				FORBIDDEN.in(Caller.finished(mine.push(theirs, Caller.BODY)));
				FORBIDDEN.in(mine.get(theirs.path()));
				FORBIDDEN.in(mine.get("/v1/tenants/" + theirs.tenant() + "/agents"));
				FORBIDDEN.in(mine.delete(theirs.path() + "/connection"));
				FORBIDDEN
					.in(mine.get("/v1/tenants/" + theirs.tenant() + "/calls/6f9619ff-8b86-4d01-b42d-00cf4fc964ff"));
			}
		}
	}

	@Test
	@DisplayName("diagnosis | agent:read, of the tenant; a refused token whose signature is right is in it, no other is")
	void shouldShowARefusedHandshakeOnlyOfATokenThatIsGenuine() throws Exception {
		String path = this.me.path() + "/diagnosis";
		FORBIDDEN.in(this.gateway.caller(this.me.tenant(), "agent:call").get(path));
		FORBIDDEN.in(this.gateway.caller(Identity.fresh().tenant(), "agent:read").get(path));
		String genuine = this.gateway.issuer().token(this.me.tenant(), this.me.agent(), "agent:call");
		String forged = this.gateway.issuer().agent(this.me) + "x";
		for (String token : List.of(forged, genuine)) {
			assertThat(this.gateway.handshake(PROTOCOL, "Authorization: Bearer " + token).status()).isIn(401, 403);
		}
		HttpResponse<String> diagnosis = this.gateway.caller(this.me.tenant(), "agent:read").get(path);
		assertThat(Json.parse(diagnosis).get("refusedHandshakes")).singleElement().satisfies((refused) -> {
			assertThat(refused.get("problem").asString()).isEqualTo("forbidden");
			assertThat(refused.get("detail").asString()).contains("agent:connect");
			assertThat(refused.get("remoteAddress").asString()).startsWith("127.0.0.1");
		});
	}

	@Test
	@DisplayName("tenant * | any tenant's path")
	void shouldLetTheTokenForAllTenantsIn() throws Exception {
		Caller all = this.gateway.caller("*", "agent:read");
		Problem.agentUnknown().in(all.get(Identity.fresh().path()));
		Problem.agentUnknown().in(all.get(Identity.fresh().path()));
		FORBIDDEN.in(all.callAndWait(this.me, Caller.BODY));
	}

	@Test
	@DisplayName("a caller's token without a tenant | 403")
	void shouldRefuseACallerWithoutATenant() throws Exception {
		String token = this.gateway.issuer()
			.sign(JWSAlgorithm.RS256, "", "backend", "agent:read", (claims) -> claims.claim("tenant", null));
		FORBIDDEN.in(this.gateway.caller(token).get(this.me.path()));
	}

	@Test
	@DisplayName("Idempotency-Key | a caller without a name, or with one that is too long: 403, and nothing runs")
	void shouldRefuseAKeyOfACallerWithoutAUsableName() throws Exception {
		try (TestAgent agent = this.gateway.connect(this.me)) {
			for (String name : Arrays.asList(null, "", "x".repeat(1025), "\u00e4".repeat(513))) {
				Caller caller = this.gateway.caller(this.gateway.issuer()
					.sign(JWSAlgorithm.RS256, this.me.tenant(), "", "agent:call", (claims) -> claims.subject(name)));
				FORBIDDEN.in(caller.callAndWait(this.me, Caller.BODY, "Idempotency-Key", "k"));
			}
			Caller longest = this.gateway
				.caller(this.gateway.issuer().token(this.me.tenant(), "x".repeat(1024), "agent:call"));
			var response = longest.call(this.me, Caller.BODY, "Idempotency-Key", "k");
			agent.answer(agent.nextCall(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("Idempotency-Key | scoped to the caller")
	void shouldScopeAKeyToItsCaller() throws Exception {
		try (TestAgent agent = this.gateway.connect(this.me)) {
			for (String name : List.of("one", "two")) {
				String token = this.gateway.issuer().token(this.me.tenant(), name, "agent:call");
				var response = this.gateway.caller(token)
					.call(this.me, "{\"method\":\"" + name + "\"}", "Idempotency-Key", "k");
				agent.answer(agent.nextCall(), "\"" + name + "\"");
				assertThat(Caller.finished(response).body()).contains("\"" + name + "\"");
			}
		}
	}

	@Test
	@DisplayName("management | health is open")
	void shouldLeaveOnlyHealthOpen() throws Exception {
		Caller nobody = new Caller(this.gateway.process());
		for (String path : List.of("/actuator/health/liveness", "/actuator/health/readiness")) {
			assertThat(nobody.management(path).statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest(name = "{0} {1}")
	@CsvSource({ "/actuator/prometheus, metrics:read", "/actuator/info, admin" })
	@DisplayName("management | the scope, of tenant * alone")
	void shouldAskForTheScopeOfManagement(String path, String scope) throws Exception {
		assertThat(new Caller(this.gateway.process()).management(path).statusCode()).isEqualTo(401);
		assertThat(this.gateway.caller(this.me.tenant(), scope).management(path).statusCode()).isEqualTo(403);
		assertThat(this.gateway.caller("*", "agent:read").management(path).statusCode()).isEqualTo(403);
		assertThat(this.gateway.caller("*", scope).management(path).statusCode()).isEqualTo(200);
	}

	@Test
	@DisplayName("Host | any name in jwt mode")
	void shouldServeAnyHost() throws Exception {
		RawResponse response = RawHttp.get(this.gateway.process().apiPort(), "/v1/nodes", "Host: switchboard.example",
				"Authorization: Bearer " + this.gateway.issuer().token("*", "ops", "admin"));
		assertThat(response.status()).isEqualTo(200);
	}

	private HttpResponse<String> request(String method, String suffix, String scope) throws Exception {
		Caller caller = this.gateway.caller(this.me.tenant(), scope);
		return method.equals("POST") ? caller.postBytes(this.me.path() + suffix,
				Caller.BODY.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json")
				: caller.request(method, this.me.path() + suffix);
	}

}
