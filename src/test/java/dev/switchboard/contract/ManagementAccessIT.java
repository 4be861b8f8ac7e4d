package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;

import com.nimbusds.jose.JOSEException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tries every path of the management port with credentials that are not for it. */
@DisplayName("Every path of the management port, with every bad credential")
@ExtendWith(JwtGateway.Shared.class)
class ManagementAccessIT {

	private static final Problem UNAUTHORIZED = new Problem("unauthorized", 401, "not_sent");

	private static final Problem FORBIDDEN = new Problem("forbidden", 403, "not_sent");

	private final JwtGateway gateway;

	ManagementAccessIT(JwtGateway gateway) {
		this.gateway = gateway;
	}

	@Test
	@DisplayName("endpoints | those of the table below, and health, which is open; a new one needs a row")
	void shouldHaveNoOtherEndpoints() throws Exception {
		HttpResponse<String> index = caller("*", "admin").management("/actuator");
		assertThat(Json.parse(index).get("_links").propertyNames()).containsExactlyInAnyOrder("self", "health",
				"health-path", "info", "prometheus");
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "/actuator, admin, 200", "/actuator/info, admin, 200", "/actuator/prometheus, metrics:read, 200",
			"/actuator/prometheus/x, admin, 404", "/actuator/env, admin, 404", "/actuator/heapdump, admin, 404",
			"/actuator/loggers, admin, 404", "/actuator/shutdown, admin, 404", "/v1/nodes, admin, 404",
			"/, admin, 404" })
	@DisplayName("no token 401; another scope, or a tenant's token 403; its scope of tenant * alone is let in")
	void shouldAskForTheScopeOfTenantAll(String path, String scope, int status) throws Exception {
		UNAUTHORIZED.in(new Caller(this.gateway.process()).management(path));
		UNAUTHORIZED.in(this.gateway.caller("x").management(path));
		for (String wrong : wrong(scope)) {
			FORBIDDEN.in(caller("*", wrong).management(path));
		}
		for (String tenant : List.of("acme", "", "**")) {
			FORBIDDEN.in(caller(tenant, String.join(" ", Endpoint.SCOPES)).management(path));
		}
		assertThat(caller("*", scope).management(path).statusCode()).isEqualTo(status);
	}

	private static List<String> wrong(String scope) {
		return Stream
			.concat(Endpoint.SCOPES.stream().filter((each) -> !each.equals(scope)),
					Stream.of("", scope + ":*", scope.replace("read", "write") + "x"))
			.toList();
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness" })
	@DisplayName("health | open, and shows no stranger more than states")
	void shouldLeaveHealthOpen(String path) throws Exception {
		HttpResponse<String> answer = new Caller(this.gateway.process()).management(path);
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).doesNotContainIgnoringCase("exception").doesNotContain("r2dbc", "jdbc");
	}

	private Caller caller(String tenant, String scope) throws JOSEException {
		return this.gateway.caller(tenant, scope);
	}

}
