package dev.switchboard.token;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;

/**
 * Checks the claims that every token must have (RFC 7519 section 4.1): {@code exp},
 * {@code iss} and {@code aud}. There is no grace for {@code exp}, since a connection ends
 * with its token.
 *
 * @param issuer the only issuer, or null for any
 * @param audiences one of these must be in {@code aud}; empty for any
 * @param time decides whether a token has expired
 */
record TokenRules(@Nullable String issuer, List<String> audiences,
		TimeSource time) implements OAuth2TokenValidator<Jwt> {

	/** The issuer's clock may be ahead of ours, and {@code nbf} is often its "now". */
	static final Duration NOT_BEFORE_SKEW = Duration.ofSeconds(5);

	@Override
	public OAuth2TokenValidatorResult validate(Jwt token) {
		String fault = faultOf(token);
		return (fault == null) ? OAuth2TokenValidatorResult.success()
				: OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", fault, null));
	}

	private @Nullable String faultOf(Jwt token) {
		Instant now = this.time.now();
		if (token.getExpiresAt() == null || !token.getExpiresAt().isAfter(now)) {
			return "The token has expired, or has no exp";
		}
		if (token.getNotBefore() != null && token.getNotBefore().isAfter(now.plus(NOT_BEFORE_SKEW))) {
			return "The token is not valid yet";
		}
		if (!isIssuer(token.getClaimAsString(JwtClaimNames.ISS))) {
			return "The token's iss is missing or not this node's issuer";
		}
		if (!isAudience(token.getAudience())) {
			return "The token's aud is missing or does not name this node";
		}
		return null;
	}

	private boolean isIssuer(@Nullable String claim) {
		return claim != null && (this.issuer == null || this.issuer.equals(claim));
	}

	private boolean isAudience(@Nullable List<String> claim) {
		return claim != null && !claim.isEmpty()
				&& (this.audiences.isEmpty() || !Collections.disjoint(this.audiences, claim));
	}

}
