package dev.switchboard.contract;

import java.io.IOException;
import java.util.List;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Security headers")
class SecurityHeadersIT {

	private static void assertGuarded(GatewayProcess gateway, String... headerLines) throws IOException {
		for (String target : List.of("/v1/nodes", "/v1/tenants/t/agents/a", "/v1/nothing", "/nothing", "/v1//x",
				"/docs", "/openapi.json", "/v1/nodes\0")) {
			assertGuarded(target, RawHttp.get(gateway.apiPort(), target, headerLines));
		}
		for (String target : List.of("/actuator/health", "/actuator/prometheus", "/actuator/nothing")) {
			assertGuarded(target, RawHttp.get(gateway.managementPort(), target, headerLines));
		}
	}

	private static void assertGuarded(String target, RawResponse response) {
		assertThat(response.headers()).as("%s: %s", target, response.status())
			.containsEntry("x-content-type-options", List.of("nosniff"));
		if (response.status() != 400) {
			assertThat(response.header("content-security-policy")).as(target).contains("frame-ancestors 'none'");
			assertThat(response.header("referrer-policy")).as(target).isEqualTo("no-referrer");
		}
		if (target.startsWith("/v1/") || target.startsWith("/actuator")) {
			assertThat(response.header("cache-control")).as(target).isEqualTo("no-store");
		}
	}

	@Nested
	@DisplayName("dev mode")
	@ExtendWith(SharedGateway.class)
	class Dev {

		@Test
		@DisplayName("answers and refusals of the API, the pages and the management port | guarded")
		void shouldGuardEveryAnswer(GatewayProcess gateway) throws Exception {
			assertGuarded(gateway);
		}

	}

	@Nested
	@DisplayName("jwt mode")
	@ExtendWith(JwtGateway.Shared.class)
	class Jwt {

		@Test
		@DisplayName("answers and refusals of the API, the pages and the management port | guarded")
		void shouldGuardEveryAnswer(JwtGateway gateway) throws Exception {
			assertGuarded(gateway.process());
			assertGuarded(gateway.process(),
					"Authorization: Bearer " + gateway.issuer().token("*", "ops", "admin metrics:read agent:read"));
		}

	}

}
