package dev.switchboard.token;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.security.oauth2.jwt.BadJwtException;
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
 * @param remembering does not check a signature again within a minute; for callers, which
 * send the same token with each request
 */
public record TokenDecoders(ReactiveJwtDecoder checking, ReactiveJwtDecoder remembering) {

	private static final Logger logger = LoggerFactory.getLogger(TokenDecoders.class);

	/**
	 * Makes the decoders for these settings. The keys of an issuer are fetched when the
	 * first token is checked.
	 * @param maxLife how far the end of a token may be ahead
	 * @throws SettingsRefusedException if no keys are configured
	 */
	public static TokenDecoders of(OAuth2ResourceServerProperties.Jwt settings, Duration maxLife, TimeSource time) {
		TokenRules rules = rules(settings, maxLife, time);
		NimbusReactiveJwtDecoder checking = new NimbusReactiveJwtDecoder(new SignatureCheck(keySource(settings)));
		checking.setJwtValidator(rules);
		return new TokenDecoders(checking, new RecentTokens(checking, time));
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

	private static KeySource keySource(OAuth2ResourceServerProperties.Jwt settings) {
		IdentityProvider provider = new IdentityProvider();
		if (StringUtils.hasText(settings.getJwkSetUri())) {
			return new RemoteKeys(provider.keysAt(URI.create(settings.getJwkSetUri())), Schedulers.parallel());
		}
		if (settings.getPublicKeyLocation() != null) {
			return KeySource.of(PublicKeyFile.read(settings.getPublicKeyLocation()));
		}
		if (StringUtils.hasText(settings.getIssuerUri())) {
			return new RemoteKeys(provider.keysOf(settings.getIssuerUri()), Schedulers.parallel());
		}
		throw new SettingsRefusedException("In jwt mode there must be a way to check tokens, and none is set.",
				"Set spring.security.oauth2.resourceserver.jwt.public-key-location, .jwk-set-uri or .issuer-uri"
						+ " (or, for a try on this machine, switchboard.security.mode=dev)");
	}

}
