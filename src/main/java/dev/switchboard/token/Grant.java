package dev.switchboard.token;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.jwt.Jwt;

/**
 * The rights that a token grants.
 *
 * @param tenant the tenant that the token is for; {@code *} for all tenants, null for
 * none
 * @param scopes the scopes of the token: the actions that it allows
 */
public record Grant(@Nullable String tenant, Set<String> scopes) {

	public static Grant of(Jwt token) {
		Object tenant = token.getClaims().get("tenant");
		return new Grant((tenant instanceof String text) ? text : null, scopes(token.getClaims().get("scope")));
	}

	/**
	 * Reads scopes from a string with spaces (RFC 8693 section 4.2), or from an array,
	 * which some issuers write.
	 */
	private static Set<String> scopes(@Nullable Object claim) {
		return switch (claim) {
			case String text -> Arrays.stream(text.split(" ")).collect(Collectors.toUnmodifiableSet());
			case Collection<?> values -> values.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
			case null, default -> Set.of();
		};
	}

	public boolean isFor(String tenant) {
		return "*".equals(this.tenant) || tenant.equals(this.tenant);
	}

}
