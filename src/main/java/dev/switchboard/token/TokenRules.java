package dev.switchboard.token;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;

/**
 * Checks the claims {@code exp}, {@code iss} and {@code aud}, which every token must have
 * (RFC 7519 section 4.1), and {@code nbf} and {@code iat} if they are there. There is no
 * leeway for the end of a token: a connection ends when its token expires.
 *
 * @param issuer the value that {@code iss} must have; null if it may have any
 * @param audiences the values of which {@code aud} must have one; empty if it may have
 * any
 * @param maxLife how far {@code exp} may be ahead, so that a token that leaks is of use
 * for a limited time
 * @param time the clock that decides whether a token is valid now
 */
record TokenRules(@Nullable String issuer, List<String> audiences, Duration maxLife,
		TimeSource time) implements OAuth2TokenValidator<Jwt> {

	/**
	 * How far {@code nbf} and {@code iat} may be ahead, and {@code exp} beyond the
	 * longest life. Issuers often set the first two to the present time, and their clocks
	 * may be ahead of ours.
	 */
	static final Duration LEEWAY = Duration.ofSeconds(60);

	@Override
	public OAuth2TokenValidatorResult validate(Jwt token) {
		String fault = faultOf(token);
		return (fault == null) ? OAuth2TokenValidatorResult.success()
				: OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", fault, null));
	}

	private @Nullable String faultOf(Jwt token) {
		Instant now = this.time.now();
		if (!now.isBefore(endOf(token))) {
			return "The token has expired, or has no exp";
		}
		if (endOf(token).isAfter(now.plus(this.maxLife).plus(LEEWAY))) {
			return "The token's exp is more than " + this.maxLife.toSeconds()
					+ " s ahead, which switchboard.security.max-token-life does not allow";
		}
		if (isEarly(beginOf(token), now)) {
			return "The token is not valid yet: its nbf or iat is ahead";
		}
		if (!isIssuer(token.getClaimAsString(JwtClaimNames.ISS))) {
			return "The token's iss is missing or not this node's issuer";
		}
		if (!isAudience(token.getAudience())) {
			return "The token's aud is missing or does not name this node";
		}
		return null;
	}

	/**
	 * Returns the token's own {@code iat}; null if it has none. To a token without
	 * {@code iat}, Spring Security gives one that is a second before {@code exp}.
	 */
	private static @Nullable Instant issuedAt(Jwt token) {
		Instant claim = token.getIssuedAt();
		return (claim != null && claim.plusSeconds(1).equals(token.getExpiresAt())) ? null : claim;
	}

	/** Returns the later one of {@code nbf} and {@code iat}. */
	static Instant beginOf(Jwt token) {
		Instant notBefore = Objects.requireNonNullElse(token.getNotBefore(), Instant.MIN);
		Instant issued = Objects.requireNonNullElse(issuedAt(token), Instant.MIN);
		return notBefore.isAfter(issued) ? notBefore : issued;
	}

	/** Whether it is too early for a token that is valid from this begin on. */
	static boolean isEarly(Instant begin, Instant now) {
		return begin.isAfter(now.plus(LEEWAY));
	}

	/** Returns the instant from which on a token is not valid any more. */
	static Instant endOf(Jwt token) {
		return Objects.requireNonNullElse(token.getExpiresAt(), Instant.MIN);
	}

	private boolean isIssuer(@Nullable String claim) {
		return claim != null && (this.issuer == null || this.issuer.equals(claim));
	}

	private boolean isAudience(@Nullable List<String> claim) {
		return claim != null && !claim.isEmpty()
				&& (this.audiences.isEmpty() || !Collections.disjoint(this.audiences, claim));
	}

}
