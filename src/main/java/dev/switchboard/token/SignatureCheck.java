package dev.switchboard.token;

import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.convert.converter.Converter;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Checks that a known key has signed a token (RFC 7515 section 5.2), and returns the
 * token's claims. Adds the name of the key to them, as one more claim.
 */
final class SignatureCheck implements Converter<JWT, Mono<JWTClaimsSet>> {

	/**
	 * The types of access tokens. Tokens of other types are refused (RFC 8725 section
	 * 3.11).
	 */
	private static final Set<JOSEObjectType> TYPES = Set.of(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"),
			new JOSEObjectType("application/at+jwt"));

	/** The claim in which a checked token has the name of its key. */
	private static final String KEY = "switchboard.key";

	private final IssuerKeys keys;

	SignatureCheck(IssuerKeys keys) {
		this.keys = keys;
	}

	@Override
	public Mono<JWTClaimsSet> convert(JWT jwt) {
		if (!(jwt instanceof SignedJWT token)
				|| !VerificationKey.ALGORITHMS.contains(token.getHeader().getAlgorithm())) {
			return Mono.error(new BadJwtException("The token is not signed with RS256, ES256 or EdDSA"));
		}
		if (!isExact(token)) {
			return Mono.error(new BadJwtException("The token's parts are not Base64URL without padding"));
		}
		if (hasCriticalHeaders(token)) {
			return Mono
				.error(new BadJwtException("The token has a header crit, and none of its headers is known here"));
		}
		if (!isAccess(token.getHeader().getType())) {
			return Mono.error(new BadJwtException("The token is not an access token"));
		}
		return this.keys.keysFor(token.getHeader()).map((keys) -> verify(token, keys));
	}

	/**
	 * Whether each part is what its bytes are encoded to (RFC 7515 section 2). The parser
	 * skips padding, line breaks and other characters, so one token would have many
	 * forms, and a list of bad tokens would miss most of them.
	 */
	private static boolean isExact(SignedJWT token) {
		return Arrays.stream(token.getParsedParts())
			.allMatch((part) -> Base64URL.encode(part.decode()).toString().equals(part.toString()));
	}

	/** The parser skips an empty {@code crit}, which RFC 7515 section 4.1.11 forbids. */
	private static boolean hasCriticalHeaders(SignedJWT token) {
		try {
			return JSONObjectUtils.parse(token.getHeader().getParsedBase64URL().decodeToString()).containsKey("crit");
		}
		catch (ParseException ex) {
			return true;
		}
	}

	private static boolean isAccess(@Nullable JOSEObjectType type) {
		return type == null || TYPES.contains(type);
	}

	/** Returns the name of the key that has signed a checked token. */
	static @Nullable String keyOf(Jwt checked) {
		return checked.getClaimAsString(KEY);
	}

	private static JWTClaimsSet verify(SignedJWT token, List<VerificationKey> keys) {
		VerificationKey signer = keys.stream()
			.filter((key) -> key.verifies(token))
			.findFirst()
			.orElseThrow(() -> new BadJwtException("The token's signature is not of a known key"));
		try {
			return new JWTClaimsSet.Builder(token.getJWTClaimsSet()).claim(KEY, signer.name()).build();
		}
		catch (ParseException ex) {
			throw new BadJwtException("The token's claims are malformed", ex);
		}
	}

}
