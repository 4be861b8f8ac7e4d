package dev.switchboard.token;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.jwt.Jwt;

/**
 * The names of the claims in which a token has its tenant, its subject and its scopes.
 *
 * @param tenant the claim with the tenant
 * @param subject the claim with the agent's id or the caller's name
 * @param permissions the claim with the scopes; null for {@code scope}, or {@code scp} in
 * a token that has no {@code scope}
 */
public record ClaimNames(String tenant, String subject, @Nullable String permissions) {

	public static final ClaimNames DEFAULT = new ClaimNames("tenant", "sub", null);

	/**
	 * Returns what a token grants. A claim of the wrong type counts as absent.
	 */
	public Grant grantOf(Jwt token) {
		return new Grant(text(token, this.tenant), subjectOf(token), scopes(scopeClaim(token)));
	}

	/**
	 * Returns the agent's id or the caller's name in a token; null if the token has none.
	 */
	public @Nullable String subjectOf(Jwt token) {
		return text(token, this.subject);
	}

	private static @Nullable String text(Jwt token, String claim) {
		return (token.getClaims().get(claim) instanceof String text && !text.isEmpty()) ? text : null;
	}

	private @Nullable Object scopeClaim(Jwt token) {
		if (this.permissions != null) {
			return token.getClaims().get(this.permissions);
		}
		return token.getClaims().get(token.hasClaim("scope") ? "scope" : "scp");
	}

	/**
	 * Reads the scopes, which are a string with spaces (RFC 8693 section 4.2) or, from
	 * some issuers, an array.
	 */
	private static Set<String> scopes(@Nullable Object claim) {
		return switch (claim) {
			case String text -> Arrays.stream(text.split(" ")).collect(Collectors.toUnmodifiableSet());
			case Collection<?> values -> values.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
			case null, default -> Set.of();
		};
	}

}
