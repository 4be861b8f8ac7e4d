package dev.switchboard.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.nimbusds.jose.util.Base64URL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

import static org.assertj.core.api.Assertions.assertThat;

/** Which tokens the node's decoder takes, with one public key. */
class TokenRulesTests {

	private static final SigningKey RSA = SigningKey.rsa();

	private static final SigningKey EC = SigningKey.ec();

	private static final SigningKey ED25519 = SigningKey.ed25519();

	static List<SigningKey> keys() {
		return List.of(RSA, EC, ED25519);
	}

	static Stream<List<SigningKey>> pairsOfKeys() {
		Stream<List<SigningKey>> others = keys().stream()
			.flatMap(
					(key) -> keys().stream().filter((other) -> !other.equals(key)).map((other) -> List.of(key, other)));
		return Stream.concat(others, Stream.of(List.of(RSA, SigningKey.rsa()), List.of(EC, SigningKey.ec()),
				List.of(ED25519, SigningKey.ed25519())));
	}

	@ParameterizedTest
	@MethodSource("keys")
	void shouldTakeATokenThatTheKeySigned(SigningKey key) {
		String token = Claims.of("acme", "bob", "agent:call").signedBy(key);

		StepVerifier.create(decoder(key).decode(token)).assertNext((jwt) -> {
			assertThat(jwt.getSubject()).isEqualTo("bob");
			assertThat(ClaimNames.DEFAULT.grantOf(jwt)).isEqualTo(new Grant("acme", "bob", Set.of("agent:call")));
		}).verifyComplete();
	}

	@ParameterizedTest
	@MethodSource("pairsOfKeys")
	void shouldRefuseATokenOfAnotherKey(List<SigningKey> keys) {
		assertRefused(keys.getFirst(), Claims.valid().signedBy(keys.getLast()), "The token's signature is not of");
	}

	@ParameterizedTest
	@MethodSource("pairsOfKeys")
	void shouldRefuseAHeaderThatNamesTheAlgorithmOfAnotherKey(List<SigningKey> keys) {
		SigningKey key = keys.getFirst();
		Map<String, Object> headers = Map.of("alg", otherThan(key.algorithm()));

		assertRefused(key, key.sign(headers, Claims.valid().map()), "The token's signature is not of");
	}

	private static String otherThan(String algorithm) {
		return algorithm.equals("RS256") ? "ES256" : "RS256";
	}

	@ParameterizedTest
	@MethodSource("keys")
	void shouldRefuseClaimsThatWereChanged(SigningKey key) {
		List<String> parts = List.of(Claims.valid().signedBy(key).split("\\.", -1));
		String claims = SigningKey.encode(Claims.valid().with("sub", "root").map());
		String forged = parts.get(0) + "." + claims + "." + parts.get(2);

		assertRefused(key, forged, "The token's signature is not of");
	}

	@ParameterizedTest
	@MethodSource("keys")
	void shouldRefuseAnUnsignedToken(SigningKey key) {
		String claims = SigningKey.encode(Claims.valid().map());

		assertRefused(key, SigningKey.encode(Map.of("alg", "none")) + "." + claims + ".", "none");
		assertRefused(key, SigningKey.encode(Map.of("alg", key.algorithm())) + "." + claims + ".", "");
	}

	@ParameterizedTest
	@MethodSource("keys")
	void shouldRefuseHmacWithThePublicKeyAsTheSecret(SigningKey key) throws GeneralSecurityException {
		String signed = SigningKey.encode(Map.of("alg", "HS256")) + "." + SigningKey.encode(Claims.valid().map());
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(key.pem().getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
		String token = signed + "." + Base64URL.encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));

		assertRefused(key, token, "not signed with RS256, ES256 or EdDSA");
	}

	@Test
	void shouldRefuseAnAlgorithmThatIsNotOfTheProtocol() {
		String token = Claims.valid().signedBy(new SigningKey("RS512", RSA.pair()));

		assertRefused(RSA, token, "not signed with RS256, ES256 or EdDSA");
	}

	@Test
	void shouldRefuseCriticalHeadersThatItDoesNotKnow() {
		String token = EC.sign(Map.of("crit", List.of("x"), "x", 1), Claims.valid().map());

		assertRefused(EC, token, "");
	}

	@ParameterizedTest
	@ValueSource(strings = { "JWT", "jwt", "at+jwt", "application/at+jwt" })
	void shouldTakeTheTypesOfAccessTokens(String type) {
		String token = EC.sign(Map.of("typ", type), Claims.valid().map());

		assertThat(decoder(EC).decode(token).block()).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "logout+jwt", "dpop+jwt" })
	void shouldRefuseATokenOfAnotherType(String type) {
		assertRefused(EC, EC.sign(Map.of("typ", type), Claims.valid().map()), "not an access token");
	}

	@ParameterizedTest
	@ValueSource(strings = { "exp", "iss", "aud" })
	void shouldRefuseATokenWithoutARequiredClaim(String claim) {
		String token = Claims.valid().without(claim).signedBy(EC);

		assertRefused(EC, token, claim);
		assertRefused(decoder(EC, null, List.of()), token, claim);
	}

	@Test
	void shouldRefuseAnExpiredTokenWithoutGrace() {
		assertRefused(EC, Claims.valid().with("exp", Instant.now().getEpochSecond()).signedBy(EC), "has expired");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nbf", "iat" })
	void shouldAllowForAnIssuersClockThatIsAhead(String claim) {
		long soon = Instant.now().plusSeconds(50).getEpochSecond();
		long later = Instant.now().plusSeconds(120).getEpochSecond();

		assertThat(decoder(EC).decode(Claims.valid().with(claim, soon).signedBy(EC)).block()).isNotNull();
		assertRefused(EC, Claims.valid().with(claim, later).signedBy(EC), "not valid yet");
	}

	@Test
	void shouldRefuseAnotherIssuerOrAudience() {
		assertRefused(EC, Claims.valid().with("iss", "https://other.example").signedBy(EC), "iss");
		assertRefused(EC, Claims.valid().with("aud", List.of("other")).signedBy(EC), "aud");
		assertRefused(EC, Claims.valid().with("aud", List.of()).signedBy(EC), "aud");
	}

	@Test
	void shouldTakeOneAudienceOfSeveralAndOneThatIsNoArray() {
		Claims several = Claims.valid().with("aud", List.of("other", Claims.AUDIENCE));
		Claims single = Claims.valid().with("aud", Claims.AUDIENCE);

		assertThat(decoder(EC).decode(several.signedBy(EC)).block()).isNotNull();
		assertThat(decoder(EC).decode(single.signedBy(EC)).block()).isNotNull();
	}

	@Test
	void shouldTakeAnyIssuerAndAudienceWhereNoneIsConfigured() {
		String token = Claims.valid().with("iss", "https://other.example").with("aud", "other").signedBy(EC);

		assertThat(decoder(EC, null, List.of()).decode(token).block()).isNotNull();
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void shouldWarnWhereNeitherIssuerNorAudienceIsConfigured(CapturedOutput output) {
		decoder(EC, Claims.ISSUER, List.of());
		decoder(EC, null, List.of(Claims.AUDIENCE));
		assertThat(output).doesNotContain("WARN");

		decoder(EC, null, List.of());
		assertThat(output).containsOnlyOnce("Tokens of any issuer and for any audience are accepted");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"soon\"", "1e400", "-1", "{}", "true", "999999999999999999999" })
	void shouldRefuseAnOddExpiry(String exp) {
		ReactiveJwtDecoder decoder = decoder(EC, null, List.of());

		assertThat(decoder.decode(expiring(String.valueOf(ahead(60)))).block()).isNotNull();
		assertRefused(decoder, expiring(exp), "");
	}

	@Test
	void shouldRefuseATokenThatLivesForTooLong() {
		long day = Duration.ofHours(24).toSeconds();

		assertThat(decoder(EC).decode(Claims.valid().with("exp", ahead(day)).signedBy(EC)).block()).isNotNull();
		for (long exp : List.of(ahead(day + 120), 253402300799L, ahead(60) * 1000)) {
			assertRefused(EC, Claims.valid().with("exp", exp).signedBy(EC),
					"The token's exp is more than 86400 s ahead");
		}
	}

	private static long ahead(long seconds) {
		return Instant.now().getEpochSecond() + seconds;
	}

	private static String expiring(String exp) {
		return signRaw(Base64URL.encode("{\"iss\":\"x\",\"aud\":\"x\",\"exp\":" + exp + "}").toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "null" })
	void shouldRefuseClaimsThatAreNoObject(String claims) {
		assertRefused(EC, signRaw(Base64URL.encode(claims).toString()), "");
	}

	/** A token with a good signature over any text. */
	private static String signRaw(String claims) {
		return EC.signEncoded(SigningKey.encode(Map.of("alg", "ES256")) + "." + claims);
	}

	private static ReactiveJwtDecoder decoder(SigningKey key) {
		return decoder(key, Claims.ISSUER, List.of(Claims.AUDIENCE));
	}

	private static ReactiveJwtDecoder decoder(SigningKey key, @Nullable String issuer, List<String> audiences) {
		OAuth2ResourceServerProperties properties = new OAuth2ResourceServerProperties();
		properties.getJwt().setPublicKeyLocation(new ByteArrayResource(key.pem().getBytes(StandardCharsets.US_ASCII)));
		properties.getJwt().setIssuerUri(issuer);
		properties.getJwt().setAudiences(audiences);
		return TestDecoder.of(properties);
	}

	private static void assertRefused(SigningKey key, String token, String why) {
		assertRefused(decoder(key), token, why);
	}

	private static void assertRefused(ReactiveJwtDecoder decoder, String token, String why) {
		StepVerifier.create(decoder.decode(token))
			.verifyErrorSatisfies(
					(failure) -> assertThat(failure).isInstanceOf(BadJwtException.class).hasMessageContaining(why));
	}

}
