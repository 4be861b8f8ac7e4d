package dev.switchboard.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.switchboard.token.Claims;
import dev.switchboard.token.SigningKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(classes = TestApi.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "switchboard.security.mode=jwt", "server.address=127.0.0.1", "management.server.port=0",
				"management.server.address=127.0.0.1", "management.endpoints.web.exposure.include=*",
				"switchboard.agent.allowed-origins=https://console.example",
				"spring.security.oauth2.resourceserver.jwt.issuer-uri=" + Claims.ISSUER,
				"spring.security.oauth2.resourceserver.jwt.audiences=" + Claims.AUDIENCE })
class JwtModeTests {

	private static final SigningKey KEY = SigningKey.ec();

	private static final String CALLS = "/v1/tenants/acme/agents/a1/calls";

	@TempDir
	static Path directory;

	@LocalServerPort
	int apiPort;

	@LocalManagementPort
	int managementPort;

	@DynamicPropertySource
	static void key(DynamicPropertyRegistry properties) throws IOException {
		Path file = Files.writeString(directory.resolve("key.pem"), KEY.pem());
		properties.add("spring.security.oauth2.resourceserver.jwt.public-key-location", () -> file.toUri().toString());
	}

	@ParameterizedTest
	@CsvSource({ "POST, /v1/tenants/acme/agents/a1/calls, agent:call", "GET, /v1/tenants/acme/calls/1, agent:call",
			"DELETE, /v1/tenants/acme/calls/1, agent:call", "POST, /v1/tenants/acme/agents/a1/pushes, agent:push",
			"POST, /v1/tenants/acme/fleet-calls, agent:call", "POST, /v1/tenants/acme/fleet-pushes, agent:push",
			"GET, /v1/tenants/acme/agents, agent:read", "GET, /v1/tenants/acme/agents/a1, agent:read",
			"GET, /v1/tenants/acme/events, events:read", "DELETE, /v1/tenants/acme/agents/a1/connection, admin",
			"GET, /v1/nodes, admin", "GET, /documents, admin" })
	void shouldAskForTheScopeOfThePath(HttpMethod method, String path, String scope) {
		String others = "agent:call agent:push agent:read events:read metrics:read admin agent:connect".replace(scope,
				"");
		String tenant = path.startsWith("/v1/tenants") ? "acme" : "*";

		EntityExchangeResult<String> granted = request(method, path, token(tenant, scope));
		EntityExchangeResult<String> refused = request(method, path, token(tenant, others));

		assertThat(granted.getStatus().value()).isEqualTo(200);
		assertThat(granted.getResponseBody()).isEqualTo("bob");
		assertProblem(refused, 403, "forbidden", "The token lacks the scope " + scope);
		assertThat(challenge(refused)).isEqualTo("Bearer error=\"insufficient_scope\", scope=\"" + scope + "\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/nodes", "/v1/nothing" })
	void shouldShowWhatBelongsToNoTenantToThoseOfAllOnly(String path) {
		assertProblem(request(HttpMethod.GET, path, token("acme", "admin")), 403, "forbidden", "tenant *");
	}

	@Test
	void shouldTakeScopesFromScpToo() {
		Claims claims = Claims.of("acme", "bob", "").without("scope");

		assertThat(statusOf(HttpMethod.POST, CALLS, claims.with("scp", List.of("agent:call")).signedBy(KEY)))
			.isEqualTo(200);
		assertThat(statusOf(HttpMethod.POST, CALLS, claims.with("scp", "agent:read").signedBy(KEY))).isEqualTo(403);
	}

	@Test
	void shouldTakeScopesFromAnArrayToo() {
		String token = Claims.of("acme", "bob", "").with("scope", List.of("agent:read", "agent:call")).signedBy(KEY);

		assertThat(statusOf(HttpMethod.POST, CALLS, token)).isEqualTo(200);
	}

	@Test
	void shouldLetATokenForAllTenantsIntoEach() {
		assertThat(statusOf(HttpMethod.POST, CALLS, token("*", "agent:call"))).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/tenants/acme/agents/a1/calls", "/v1/tenants/acme/agents", "/v1/tenants/acme",
			"/v1/tenants/acme/nothing/here", "/v1/tenants/%61cme/agents/a1/calls",
			"/v1/tenants/acme/agents/a1/connection", "/v1/tenants/Other/agents/a1/calls" })
	void shouldForbidAnotherTenantsPathsWhateverIsThere(String path) {
		String token = token("other", "agent:call agent:read agent:push events:read admin");

		for (HttpMethod method : HttpMethod.values()) {
			assertThat(statusOf(method, path, token)).as(method.name()).isEqualTo(403);
		}
	}

	@Test
	void shouldReadATenantAsControllersDo() {
		String path = "/v1/tenants/%61cme/agents/a1/calls";

		assertThat(statusOf(HttpMethod.POST, path, token("acme", "agent:call"))).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { CALLS, "/v1/tenants/acme/agents/a1/pushes" })
	void shouldForbidATokenWithoutATenantOrAScope(String path) {
		Claims tenantless = Claims.of("acme", "bob", "agent:call agent:push").without("tenant");
		Claims scopeless = Claims.of("acme", "bob", "").without("scope");

		assertProblem(request(HttpMethod.POST, path, tenantless.signedBy(KEY)), 403, "forbidden",
				"The token has no tenant");
		assertThat(statusOf(HttpMethod.POST, path, scopeless.signedBy(KEY))).isEqualTo(403);
	}

	@Test
	void shouldTellUnknownPathsAndMethodsApartForThoseWhoMayKnow() {
		assertThat(statusOf(HttpMethod.GET, "/v1/nothing", token("*", "admin"))).isEqualTo(404);
		assertThat(statusOf(HttpMethod.GET, CALLS, token("*", "agent:call"))).isEqualTo(405);
		assertThat(statusOf(HttpMethod.valueOf("PURGE"), CALLS, token("*", "agent:call"))).isEqualTo(405);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/nodes", "/v1/tenants/acme/agents", "/nothing", "/documents" })
	void shouldChallengeARequestWithoutAToken(String path) {
		EntityExchangeResult<String> result = request(HttpMethod.GET, path, null);

		assertProblem(result, 401, "unauthorized", "A bearer token is needed");
		assertThat(challenge(result)).isEqualTo("Bearer");
		assertThat(result.getResponseCookies()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "a b", "a.b.c", "" })
	void shouldCallAMalformedTokenInvalid(String token) {
		EntityExchangeResult<String> result = request(HttpMethod.POST, CALLS, token);

		assertProblem(result, 401, "unauthorized", "");
		assertThat(challenge(result)).isEqualTo("Bearer error=\"invalid_token\"");
	}

	@Test
	void shouldCallAnExpiredTokenInvalid() {
		String token = Claims.of("acme", "bob", "agent:call").with("exp", 1_000_000_000).signedBy(KEY);

		assertProblem(request(HttpMethod.POST, CALLS, token), 401, "unauthorized",
				"The token has expired, or has no exp");
	}

	static final List<Map<String, Object>> oddClaims = List.of(Map.of("sub", 7), Map.of("sub", List.of("bob")),
			Map.of("sub", Map.of()), Map.of("sub", "\ud800"), Map.of("sub", "x".repeat(2000)), Map.of("tenant", 7),
			Map.of("tenant", List.of("acme")), Map.of("scope", 7), Map.of("scope", Map.of("agent:call", true)),
			Map.of("scope", List.of(List.of(), 7, "agent:call")), Map.of("scope", " "), Map.of("nbf", "soon"),
			Map.of("nbf", 1e300), Map.of("iat", -1e300), Map.of("iat", List.of()), Map.of("exp", 253402300799L),
			Map.of("exp", Long.MAX_VALUE), Map.of("jti", Map.of()), Map.of("iss", "http://["), Map.of("iss", 7),
			Map.of("aud", Map.of()), Map.of("aud", List.of(7, Map.of())), Map.of("cnf", Map.of("jkt", 7)));

	@ParameterizedTest
	@FieldSource("oddClaims")
	void shouldAnswerForClaimsOfAnyType(Map<String, Object> odd) {
		Claims claims = Claims.of("acme", "bob", "agent:call");
		odd.forEach(claims::with);

		assertThat(statusOf(HttpMethod.POST, CALLS, claims.signedBy(KEY))).isIn(200, 401, 403);
	}

	@Test
	void shouldTakeNoTokenFromTheQuery() {
		String path = "/v1/nodes?access_token=" + token("*", "admin");

		assertThat(statusOf(HttpMethod.GET, path, null)).isEqualTo(401);
	}

	@ParameterizedTest
	@CsvSource({ "/actuator, admin, metrics:read", "/actuator/info, admin, metrics:read",
			"/actuator/env, admin, metrics:read", "/actuator/prometheus, metrics:read, admin" })
	void shouldGuardTheManagementPort(String path, String scope, String other) {
		assertProblem(management(path, null), 401, "unauthorized", "A bearer token is needed");
		assertProblem(management(path, token("*", "agent:call " + other)), 403, "forbidden",
				"The token lacks the scope " + scope);
		assertProblem(management(path, token("acme", scope)), 403, "forbidden", "tenant *");
		assertThat(management(path, token("*", scope)).getStatus().value()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness" })
	void shouldTellHealthToAnybody(String path) {
		assertThat(management(path, null).getStatus().value()).isEqualTo(200);
		assertThat(management(path, "bad").getStatus().value()).isEqualTo(200);
	}

	@Test
	void shouldRefuseAnOriginThatIsNotOnTheList() {
		for (int port : List.of(this.apiPort, this.managementPort)) {
			EntityExchangeResult<String> result = TestRequests.send(HttpMethod.GET, port, "/actuator/health",
					(headers) -> headers.setOrigin("https://evil.example"));

			assertProblem(result, 403, "forbidden", "The Origin 'https://evil.example' is neither in the setting "
					+ "switchboard.agent.allowed-origins nor the Host");
			assertThat(result.getResponseHeaders().getAccessControlAllowOrigin()).isNull();
		}
	}

	@Test
	void shouldLetAnOriginOnTheListPass() {
		EntityExchangeResult<String> result = TestRequests.send(HttpMethod.GET, this.managementPort, "/actuator/health",
				(headers) -> headers.setOrigin("https://console.example"));

		assertThat(result.getStatus().value()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/docs", "/docs/docs.js", "/openapi.yaml", "/openapi.json", "/webjars/x.js" })
	void shouldShowTheApisDocumentToAnybody(String path) {
		assertThat(statusOf(HttpMethod.GET, path, null)).isEqualTo(200);
		assertThat(statusOf(HttpMethod.GET, path, "bad")).isEqualTo(200);
	}

	@Test
	void shouldLetThePagesOfAnAllowedOriginReadTheAnswers() {
		EntityExchangeResult<String> result = TestRequests.send(HttpMethod.POST, this.apiPort, CALLS, (headers) -> {
			headers.setOrigin("https://console.example");
			headers.setBearerAuth(token("acme", "agent:call"));
		});

		assertThat(result.getStatus().value()).isEqualTo(200);
		assertThat(result.getResponseHeaders().getAccessControlAllowOrigin()).isEqualTo("https://console.example");
		assertThat(result.getResponseHeaders().getAccessControlExposeHeaders()).contains("Location", "Retry-After");
		assertThat(result.getResponseHeaders().getVary()).contains("Origin");
	}

	@Test
	void shouldLetThePagesOfAnAllowedOriginReadRefusalsToo() {
		EntityExchangeResult<String> result = TestRequests.send(HttpMethod.POST, this.apiPort, CALLS,
				(headers) -> headers.setOrigin("https://console.example"));

		assertProblem(result, 401, "unauthorized", "A bearer token is needed");
		assertThat(result.getResponseHeaders().getAccessControlAllowOrigin()).isEqualTo("https://console.example");
	}

	@Test
	void shouldAnswerThePreflightOfAnAllowedOriginWithoutAToken() {
		EntityExchangeResult<String> result = preflight("https://console.example", HttpMethod.POST);

		assertThat(result.getStatus().value()).isEqualTo(200);
		HttpHeaders headers = result.getResponseHeaders();
		assertThat(headers.getAccessControlAllowOrigin()).isEqualTo("https://console.example");
		assertThat(headers.getAccessControlAllowMethods()).contains(HttpMethod.POST, HttpMethod.DELETE);
		assertThat(headers.getAccessControlAllowHeaders()).contains("authorization", "content-type", "idempotency-key");
		assertThat(headers.getAccessControlAllowCredentials()).isFalse();
		assertThat(headers.getAccessControlMaxAge()).isPositive();
	}

	@Test
	void shouldRefuseOtherPreflights() {
		assertProblem(preflight("https://evil.example", HttpMethod.POST), 403, "forbidden", "https://evil.example");
		assertProblem(preflight("https://console.example", HttpMethod.PATCH), 403, "forbidden", "Web pages");
	}

	private EntityExchangeResult<String> preflight(String origin, HttpMethod method) {
		return TestRequests.send(HttpMethod.OPTIONS, this.apiPort, CALLS, (headers) -> {
			headers.setOrigin(origin);
			headers.setAccessControlRequestMethod(method);
			headers.setAccessControlRequestHeaders(List.of("authorization", "content-type", "idempotency-key"));
		});
	}

	@Test
	void shouldAnswerToAnyHost() {
		EntityExchangeResult<String> result = TestRequests.send(HttpMethod.GET, this.managementPort, "/actuator/health",
				(headers) -> headers.set(HttpHeaders.HOST, "switchboard.example"));

		assertThat(result.getStatus().value()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/tenants/acme/agents/a1;x=y/calls", "/v1/tenants/acme/agents/a%2F1/calls",
			"/v1/tenants/other/../acme/agents/a1/calls" })
	void shouldRefuseAPathThatCouldBeReadInTwoWays(String path) {
		assertProblem(request(HttpMethod.POST, path, token("acme", "agent:call")), 400, "invalid-request", "path");
	}

	private static String token(String tenant, String scope) {
		return Claims.of(tenant, "bob", scope).signedBy(KEY);
	}

	private int statusOf(HttpMethod method, String path, @Nullable String token) {
		return request(method, path, token).getStatus().value();
	}

	private EntityExchangeResult<String> request(HttpMethod method, String path, @Nullable String token) {
		return TestRequests.send(method, this.apiPort, path, bearer(token));
	}

	private EntityExchangeResult<String> management(String path, @Nullable String token) {
		return TestRequests.send(HttpMethod.GET, this.managementPort, path, bearer(token));
	}

	private static Consumer<HttpHeaders> bearer(@Nullable String token) {
		return (headers) -> {
			if (token != null) {
				headers.set(HttpHeaders.AUTHORIZATION, "Bearer " + token);
			}
		};
	}

	private static @Nullable String challenge(EntityExchangeResult<String> result) {
		return result.getResponseHeaders().getFirst(HttpHeaders.WWW_AUTHENTICATE);
	}

	private static void assertProblem(EntityExchangeResult<String> result, int status, String name, String detail) {
		assertThat(result.getStatus().value()).isEqualTo(status);
		assertThat(result.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(result.getResponseBody()).contains("\"type\":\"urn:switchboard:problem:" + name + "\"")
			.contains("\"status\":" + status)
			.contains("\"outcome\":\"not_sent\"")
			.contains(detail);
	}

}
