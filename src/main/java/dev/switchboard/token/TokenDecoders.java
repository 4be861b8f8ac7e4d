package dev.switchboard.token;

import java.time.Duration;
import java.util.List;

import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.util.StringUtils;

/**
 * Two decoders, which decode JSON Web Tokens (RFC 7519) and check their signatures and
 * claims. Both are thread-safe. They fail with {@link BadJwtException} for a bad token,
 * and with a different exception if the check is not possible at the moment.
 *
 * @param checking checks each token completely; for agents, which send a token only when
 * they connect
 * @param remembering does not check a signature again within a minute, unless a key is
 * withdrawn meanwhile; for callers, which send the same token with each request
 */
public record TokenDecoders(ReactiveJwtDecoder checking, ReactiveJwtDecoder remembering) {

	private static final Logger logger = LoggerFactory.getLogger(TokenDecoders.class);

	/**
	 * Makes the decoders for these settings.
	 * @param keys the keys that may sign tokens
	 * @param maxLife how far the end of a token may be ahead
	 */
	public static TokenDecoders of(IssuerKeys keys, OAuth2ResourceServerProperties.Jwt settings, Duration maxLife,
			TimeSource time) {
		TokenRules rules = rules(settings, maxLife, time);
		NimbusReactiveJwtDecoder checking = new NimbusReactiveJwtDecoder(new SignatureCheck(keys));
		checking.setJwtValidator(rules);
		return new TokenDecoders(checking, new RecentTokens(checking, keys::version, time));
	}

	private static TokenRules rules(OAuth2ResourceServerProperties.Jwt settings, Duration maxLife, TimeSource time) {
		String issuer = StringUtils.hasText(settings.getIssuerUri()) ? settings.getIssuerUri() : null;
		List<String> audiences = settings.getAudiences();
		if (issuer == null && audiences.isEmpty()) {
			logger.warn("Tokens of any issuer and for any audience are accepted if a known key has signed them: set"
					+ " spring.security.oauth2.resourceserver.jwt.issuer-uri or .audiences");
		}
		return new TokenRules(issuer, audiences, maxLife, time);
	}

	/** Returns the name of the key that has signed a token; null if it is not known. */
	public static @Nullable String keyOf(Jwt checked) {
		return SignatureCheck.keyOf(checked);
	}

}
