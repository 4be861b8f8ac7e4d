package dev.switchboard.contract;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import com.nimbusds.jose.JOSEException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tries every operation of the API with credentials that are not for it. */
@DisplayName("Every endpoint, with every bad credential")
@ExtendWith(JwtGateway.Shared.class)
class EndpointAccessIT {

	private static final Problem UNAUTHORIZED = new Problem("unauthorized", 401, "not_sent");

	private static final Problem FORBIDDEN = new Problem("forbidden", 403, "not_sent");

	private final Identity me = Identity.fresh();

	private final JwtGateway gateway;

	EndpointAccessIT(JwtGateway gateway) {
		this.gateway = gateway;
	}

	static List<Endpoint> endpoints() {
		return Endpoint.all();
	}

	static Stream<Endpoint> tenantEndpoints() {
		return Endpoint.all().stream().filter((endpoint) -> !endpoint.ofCluster());
	}

	static Stream<Endpoint> clusterEndpoints() {
		return Endpoint.all().stream().filter(Endpoint::ofCluster);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("endpoints")
	@DisplayName("no token, or a bad one | 401")
	void shouldAskForAToken(Endpoint endpoint) throws Exception {
		for (String token : new @Nullable String[] { null, "", "x", token("*", Endpoint.SCOPES) + "x" }) {
			RawResponse answer = ask(endpoint, this.me, token);
			UNAUTHORIZED.in(answer);
			assertThat(answer.header("www-authenticate")).startsWith("Bearer");
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("tenantEndpoints")
	@DisplayName("all scopes, but another tenant's | 403")
	void shouldRefuseAnotherTenantsToken(Endpoint endpoint) throws Exception {
		for (String tenant : List.of("other", this.me.tenant() + "x", this.me.tenant().toUpperCase(Locale.ROOT), " *",
				"**", "")) {
			FORBIDDEN.in(ask(endpoint, this.me, token(tenant, Endpoint.SCOPES)));
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("clusterEndpoints")
	@DisplayName("all scopes of one tenant, at the cluster's own resources | 403")
	void shouldRefuseATenantsAdminAtTheCluster(Endpoint endpoint) throws Exception {
		FORBIDDEN.in(ask(endpoint, this.me, token(this.me.tenant(), List.of("admin"))));
		FORBIDDEN.in(ask(endpoint, this.me, token(this.me.tenant(), Endpoint.SCOPES)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("endpoints")
	@DisplayName("each scope but its own, its own in other writing, and an agent's token | 403")
	void shouldRefuseEachOtherScope(Endpoint endpoint) throws Exception {
		List<String> wrong = new ArrayList<>(Endpoint.SCOPES);
		wrong.remove(endpoint.scope());
		wrong.addAll(List.of("", endpoint.otherScopes(), endpoint.scope().toUpperCase(Locale.ROOT),
				endpoint.scope() + ":", endpoint.scope() + "x", "*", "agent:*"));
		if (!endpoint.scope().matches("agent:(call|push)")) {
			wrong.add(endpoint.scope() + ":*"); // Only calls and pushes have methods.
		}
		for (String scope : wrong) {
			for (String tenant : List.of(this.me.tenant(), "*")) {
				FORBIDDEN.in(ask(endpoint, this.me, token(tenant, List.of(scope))));
			}
		}
		FORBIDDEN.in(ask(endpoint, this.me, this.gateway.issuer().agent(this.me)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("endpoints")
	@DisplayName("its scope alone | let in")
	void shouldLetItsScopeIn(Endpoint endpoint) throws Exception {
		RawResponse answer = ask(endpoint, this.me, token("*", List.of(endpoint.scope())));
		assertThat(answer.status()).as(answer.body()).isNotIn(401, 403).isLessThan(500);
		if (!endpoint.ofCluster()) {
			answer = ask(endpoint, this.me, token(this.me.tenant(), List.of(endpoint.scope())));
			assertThat(answer.status()).as(answer.body()).isNotIn(401, 403).isLessThan(500);
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("tenantEndpoints")
	@DisplayName("a stranger | gets the same bytes whether the agent exists or not")
	void shouldNotShowAStrangerWhetherTheAgentExists(Endpoint endpoint) throws Exception {
		Identity never = new Identity(this.me.tenant(), "never");
		List<@Nullable String> strangers = new ArrayList<>();
		strangers.add(null);
		strangers.add(token("other", Endpoint.SCOPES));
		strangers.add(token(this.me.tenant(), List.of(endpoint.otherScopes())));
		strangers.add(this.gateway.issuer().agent(this.me));
		try (TestAgent _ = this.gateway.connect(this.me)) {
			for (String stranger : strangers) {
				RawResponse there = ask(endpoint, this.me, stranger);
				RawResponse notThere = ask(endpoint, never, stranger);
				assertThat(there.status()).isIn(401, 403).isEqualTo(notThere.status());
				assertThat(there.bytes()).isEqualTo(notThere.bytes());
				assertThat(undated(there)).isEqualTo(undated(notThere));
			}
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("endpoints")
	@DisplayName("its path in other writings | opens nothing")
	void shouldNotOpenByAnotherWritingOfThePath(Endpoint endpoint) throws Exception {
		String path = endpoint.at(this.me);
		for (String other : List.of(path + "/", path + "//", path + ";x=1", "/" + path, path.replace("/v1/", "/V1/"),
				path.replace("/v1/", "/v1/./"), path.replace("/v1/", "/%76%31/"), path.replace("/v1/", "/docs/../v1/"),
				path.replace("/v1/", "/v1%2f"), path.replace("/v1/", "/webjars/..;/v1/"), path + "%00",
				path + "?x=/docs", "http://localhost" + path, path.replace("/v1/", "/actuator/health/../../v1/"),
				path + ".json")) {
			assertThat(ask(endpoint, other, null).status()).as(other).isIn(400, 401, 404);
			assertThat(ask(endpoint, other, token("other", Endpoint.SCOPES)).status()).as(other)
				.isIn(400, 401, 403, 404);
		}
	}

	private static Map<String, List<String>> undated(RawResponse response) {
		Map<String, List<String>> headers = new HashMap<>(response.headers());
		headers.remove("date");
		return headers;
	}

	private String token(String tenant, List<String> scopes) throws JOSEException {
		return this.gateway.issuer().token(tenant, "backend", String.join(" ", scopes));
	}

	private RawResponse ask(Endpoint endpoint, Identity agent, @Nullable String token) throws IOException {
		return ask(endpoint, endpoint.at(agent), token);
	}

	private RawResponse ask(Endpoint endpoint, String path, @Nullable String token) throws IOException {
		List<String> lines = new ArrayList<>(List.of("Host: localhost", "Connection: close"));
		lines.addAll(endpoint.bodyLines());
		if (token != null) {
			lines.add("Authorization: Bearer " + token);
		}
		try (RawHttp http = RawHttp.open(this.gateway.process().apiPort())) {
			http.head(endpoint.method() + " " + path, lines.toArray(String[]::new));
			http.write(endpoint.bodyBytes());
			return http.readResponse();
		}
	}

}
