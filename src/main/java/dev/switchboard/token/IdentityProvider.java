package dev.switchboard.token;

import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Fetches public keys of issuers. Each subscription fetches them again. A set without a
 * key that can verify tokens counts as a failure: an issuer that answers so is in
 * trouble, and does not mean to withdraw all its keys.
 */
final class IdentityProvider {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final WebClient client = WebClient.create();

	/**
	 * Fetches the keys of a JWK set (RFC 7517 section 5). Keys that cannot verify tokens
	 * are left out.
	 */
	Mono<List<VerificationKey>> keysAt(URI jwkSet) {
		return named(jwkSet, fetchKeys(jwkSet));
	}

	/** Fetches the keys of an issuer from the URL that the issuer's metadata names. */
	Mono<List<VerificationKey>> keysOf(String issuer) {
		Mono<String> metadata = get(openIdConfiguration(issuer)).onErrorResume(
				WebClientResponseException.NotFound.class, (absent) -> get(authorizationServerMetadata(issuer)));
		return named(URI.create(issuer), metadata.map((json) -> jwkSetUri(issuer, json)).flatMap(this::fetchKeys));
	}

	/**
	 * Returns the URL of an issuer's metadata by OpenID Connect Discovery 1.0, section 4.
	 */
	private static URI openIdConfiguration(String issuer) {
		String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
		return URI.create(base + "/.well-known/openid-configuration");
	}

	/** Returns the URL of an issuer's metadata by RFC 8414 section 3. */
	private static URI authorizationServerMetadata(String issuer) {
		URI uri = URI.create(issuer);
		String path = "/".equals(uri.getRawPath()) ? "" : uri.getRawPath();
		return UriComponentsBuilder.fromUri(uri)
			.replacePath("/.well-known/oauth-authorization-server" + path)
			.build(true)
			.toUri();
	}

	/**
	 * Reads the URL of the keys. Metadata that names a different issuer must not be used
	 * (RFC 8414 section 3.3).
	 */
	private static URI jwkSetUri(String issuer, String metadata) {
		try {
			Map<String, Object> members = JSONObjectUtils.parse(metadata);
			if (!issuer.equals(members.get("issuer"))) {
				throw new JwtException("The issuer calls itself " + members.get("issuer"));
			}
			return JSONObjectUtils.getURI(members, "jwks_uri");
		}
		catch (ParseException ex) {
			throw Exceptions.propagate(ex);
		}
	}

	private Mono<List<VerificationKey>> fetchKeys(URI jwkSet) {
		// A key is costly to read, so no event loop does it.
		return get(jwkSet).publishOn(Schedulers.parallel()).map(IdentityProvider::parse);
	}

	private static List<VerificationKey> parse(String jwkSet) {
		try {
			List<VerificationKey> keys = JWKSet.parse(jwkSet)
				.getKeys()
				.stream()
				.map(VerificationKey::of)
				.flatMap(Optional::stream)
				.toList();
			if (keys.isEmpty()) {
				throw new JwtException("The set has no key that can verify tokens");
			}
			return keys;
		}
		catch (ParseException ex) {
			throw Exceptions.propagate(ex);
		}
	}

	private Mono<String> get(URI uri) {
		// An empty answer is no answer: it must fail as a malformed one does.
		return this.client.get().uri(uri).retrieve().bodyToMono(String.class).defaultIfEmpty("").timeout(TIMEOUT);
	}

	private static <T> Mono<T> named(URI source, Mono<T> fetch) {
		return fetch.onErrorMap((failure) -> new JwtException("The issuer's keys cannot be fetched at present",
				new IllegalStateException("No keys from " + source + ": " + failure, failure)));
	}

}
