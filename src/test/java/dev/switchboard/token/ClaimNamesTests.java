package dev.switchboard.token;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import org.springframework.security.oauth2.jwt.Jwt;

import static org.assertj.core.api.Assertions.assertThat;

class ClaimNamesTests {

	private static Grant grant(ClaimNames names, Map<String, Object> claims) {
		Jwt token = Jwt.withTokenValue("x")
			.header("alg", "none")
			.expiresAt(Instant.MAX)
			.claims((all) -> all.putAll(claims))
			.build();
		return names.grantOf(token);
	}

	private static Set<String> scopes(Map<String, Object> claims) {
		return grant(ClaimNames.DEFAULT, claims).scopes();
	}

	@Test
	void shouldReadScpWhereThereIsNoScope() {
		assertThat(scopes(Map.of("scp", "agent:call agent:read"))).containsExactlyInAnyOrder("agent:call",
				"agent:read");
		assertThat(scopes(Map.of("scp", List.of("agent:call", "agent:read")))).containsExactlyInAnyOrder("agent:call",
				"agent:read");
	}

	@Test
	void shouldNotReadScpBesideAScope() {
		assertThat(scopes(Map.of("scope", "agent:call", "scp", "admin"))).containsExactly("agent:call");
		assertThat(scopes(Map.of("scope", List.of(), "scp", "admin"))).isEmpty();
	}

	@Test
	void shouldReadTheClaimsThatAreConfigured() {
		ClaimNames names = new ClaimNames("org", "client_id", "roles");
		Grant grant = grant(names, Map.of("org", "acme", "client_id", "billing", "roles", List.of("agent:call"),
				"tenant", "other", "sub", "other", "scope", "admin"));
		assertThat(grant).isEqualTo(new Grant("acme", "billing", Set.of("agent:call")));
	}

	static final List<Map<String, Object>> shouldTakeAClaimOfAnotherTypeForNone = List.of(
			Map.of("tenant", 7, "sub", "", "scope", 7),
			Map.of("tenant", List.of("acme"), "scope", Map.of("agent:call", true)), Map.of("tenant", ""));

	@ParameterizedTest
	@FieldSource
	void shouldTakeAClaimOfAnotherTypeForNone(Map<String, Object> odd) {
		assertThat(grant(ClaimNames.DEFAULT, odd)).isEqualTo(new Grant(null, null, Set.of()));
	}

}
