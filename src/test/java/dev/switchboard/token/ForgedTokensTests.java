package dev.switchboard.token;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.nimbusds.jose.jwk.JWK;
import dev.switchboard.time.TimeSource;
import dev.switchboard.token.Forgeries.Forgery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of forged tokens. All are refused by a node that knows three keys, each of
 * another algorithm. Most rows were once taken by some implementation.
 */
class ForgedTokensTests {

	private static final List<VerificationKey> KEYS = List.of(key(Forgeries.RSA, "rsa"), key(Forgeries.EC, "ec"),
			key(Forgeries.ED, "ed"));

	private final ReactiveJwtDecoder checking = checking();

	private final ReactiveJwtDecoder remembering = new RecentTokens(this.checking, () -> 0, TimeSource.SYSTEM);

	private static VerificationKey key(SigningKey key, String id) {
		return VerificationKey.of(key.jwk(id)).orElseThrow();
	}

	private static ReactiveJwtDecoder checking() {
		IssuerKeys keys = new IssuerKeys(Mono.just(KEYS), Duration.ofHours(24), TimeSource.SYSTEM,
				Schedulers.parallel());
		NimbusReactiveJwtDecoder decoder = new NimbusReactiveJwtDecoder(new SignatureCheck(keys));
		decoder.setJwtValidator(
				new TokenRules(Claims.ISSUER, List.of(Claims.AUDIENCE), Duration.ofHours(24), TimeSource.SYSTEM));
		return decoder;
	}

	static Stream<Forgery> signatures() {
		return Forgeries.signatures();
	}

	static Stream<Forgery> headers() {
		JWK stranger = SigningKey.ec().jwk("ec");
		SigningKey ec = Forgeries.EC;
		return Stream.of(header("kid as a path", ec, Map.of("kid", "../../../../dev/null")),
				header("kid as a URL", ec, Map.of("kid", "https://evil.example/key")),
				header("kid as SQL", ec, Map.of("kid", "ec' OR '1'='1")),
				header("kid as a command", ec, Map.of("kid", "ec;sleep 10")),
				header("kid with a NUL", ec, Map.of("kid", "ec\0")),
				header("kid of another key", ec, Map.of("kid", "rsa")),
				header("kid in upper case", ec, Map.of("kid", "EC")), header("kid empty", ec, Map.of("kid", "")),
				header("kid of 100 kB", ec, Map.of("kid", "k".repeat(100_000))),
				new Forgery("kid a number", Forgeries.raw("{\"alg\":\"ES256\",\"kid\":1}", "{}")),
				header("crit of b64", ec, Map.of("crit", List.of("b64"), "b64", true)),
				header("b64 false", ec, Map.of("crit", List.of("b64"), "b64", false)),
				header("crit of what it does not know", ec, Map.of("crit", List.of("x"), "x", 1)),
				header("crit of what is not there", ec, Map.of("crit", List.of("x"))),
				header("crit of exp", ec, Map.of("crit", List.of("exp"), "exp", 1)),
				header("crit of alg", ec, Map.of("crit", List.of("alg"))),
				header("crit empty", ec, Map.of("crit", List.of())), header("crit a string", ec, Map.of("crit", "b64")),
				header("typ logout+jwt", ec, Map.of("typ", "logout+jwt")),
				header("typ dpop+jwt", ec, Map.of("typ", "dpop+jwt")), header("typ JWE", ec, Map.of("typ", "JWE")),
				header("typ secevent+jwt", ec, Map.of("typ", "secevent+jwt")),
				header("cty JWT: a token in a token", ec, Map.of("cty", "JWT", "typ", "JOSE")),
				strange("jwk of a stranger", stranger, Map.of("jwk", stranger.toPublicJWK().toJSONObject())),
				strange("jku of a stranger", stranger, Map.of("jku", "https://evil.example/jwks")),
				strange("x5u of a stranger", stranger, Map.of("x5u", "file:///etc/passwd")),
				strange("x5c of a stranger", stranger, Map.of("x5c", List.of("AAAA"))));
	}

	private static Forgery header(String name, SigningKey key, Map<String, Object> members) {
		return new Forgery(name, Forgeries.withHeader(key, members));
	}

	private static Forgery strange(String name, JWK ignored, Map<String, Object> members) {
		return header(name + " (" + ignored.getKeyType() + ")", SigningKey.ec(), members);
	}

	static Stream<Forgery> claims() {
		long now = Instant.now().getEpochSecond();
		return Stream.of(claim("iss of another", "iss", "https://evil.example"),
				claim("iss with a slash", "iss", Claims.ISSUER + "/"),
				claim("iss in upper case", "iss", "HTTPS://ISSUER.EXAMPLE"), claim("iss empty", "iss", ""),
				claim("iss a list", "iss", List.of(Claims.ISSUER)), claim("aud of another", "aud", "evil"),
				claim("aud that begins so", "aud", Claims.AUDIENCE + "x"),
				claim("aud in upper case", "aud", "SWITCHBOARD"),
				claim("aud with a space", "aud", " " + Claims.AUDIENCE), claim("aud empty", "aud", ""),
				claim("aud an empty list", "aud", List.of()),
				claim("aud an object", "aud", Map.of(Claims.AUDIENCE, true)), claim("expired now", "exp", now),
				claim("expired a second ago", "exp", now - 1), claim("expired within the leeway", "exp", now - 59),
				claim("expired long ago", "exp", 1), claim("exp 0", "exp", 0), claim("exp negative", "exp", -now),
				claim("exp in milliseconds", "exp", now * 1000 + 60_000),
				claim("exp in the year 9999", "exp", 253402300799L),
				claim("exp beyond the ceiling", "exp", now + 86_400 + 70),
				claim("exp a text", "exp", String.valueOf(now + 60)), claim("exp a list", "exp", List.of(now + 60)),
				claim("nbf beyond the leeway", "nbf", now + 70), claim("nbf in milliseconds", "nbf", now * 1000),
				claim("iat beyond the leeway", "iat", now + 70), claim("nbf a text", "nbf", "soon"),
				new Forgery("no exp", Claims.valid().without("exp").signedBy(Forgeries.EC)),
				new Forgery("no iss", Claims.valid().without("iss").signedBy(Forgeries.EC)),
				new Forgery("no aud", Claims.valid().without("aud").signedBy(Forgeries.EC)),
				raw("exp twice", "\"exp\":" + (now + 60) + ",\"exp\":" + (now + 60)),
				raw("sub twice", "\"exp\":" + (now + 60) + ",\"sub\":\"a\",\"sub\":\"b\""),
				raw("tenant twice", "\"exp\":" + (now + 60) + ",\"tenant\":\"a\",\"tenant\":\"*\""),
				raw("scope twice", "\"exp\":" + (now + 60) + ",\"scope\":\"agent:read\",\"scope\":\"admin\""),
				raw("exp 1e400", "\"exp\":1e400"), raw("exp NaN", "\"exp\":NaN"), raw("exp true", "\"exp\":true"),
				raw("exp null", "\"exp\":null"), raw("exp of twenty digits", "\"exp\":99999999999999999999"),
				new Forgery("alg twice", Forgeries.raw("{\"alg\":\"none\",\"alg\":\"ES256\"}", "{}")),
				new Forgery("claims a list", Forgeries.raw("{\"alg\":\"ES256\"}", "[]")),
				new Forgery("claims null", Forgeries.raw("{\"alg\":\"ES256\"}", "null")),
				new Forgery("claims that end early", Forgeries.raw("{\"alg\":\"ES256\"}", "{")),
				new Forgery("claims nested deep", Forgeries.raw("{\"alg\":\"ES256\"}", "{\"a\":" + "[".repeat(20_000))),
				new Forgery("header nested deep",
						Forgeries.raw("{\"alg\":\"ES256\",\"a\":" + "[".repeat(20_000), "{}")),
				new Forgery("a JWE", Forgeries.part("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}") + "..AAAA.AAAA.AAAA"),
				new Forgery("a JWE that inflates",
						Forgeries.part("{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}") + "..AAAA."
								+ "A".repeat(1000) + ".AAAA"),
				new Forgery("a token in a token",
						Forgeries.EC.signEncoded(Forgeries.part("{\"alg\":\"ES256\",\"cty\":\"JWT\"}") + "."
								+ Forgeries.part(Claims.valid().signedBy(Forgeries.EC)))));
	}

	private static Forgery claim(String name, String claim, Object value) {
		return new Forgery(name, Claims.of("acme", "bob", "agent:call").with(claim, value).signedBy(Forgeries.EC));
	}

	private static Forgery raw(String name, String members) {
		return new Forgery(name, Forgeries.raw("{\"alg\":\"ES256\"}",
				"{\"iss\":\"" + Claims.ISSUER + "\",\"aud\":\"" + Claims.AUDIENCE + "\"," + members + "}"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("signatures")
	void shouldRefuseAForgedSignature(Forgery forgery) {
		assertRefused(forgery);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("headers")
	void shouldRefuseAForgedHeader(Forgery forgery) {
		assertRefused(forgery);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("claims")
	void shouldRefuseForgedClaims(Forgery forgery) {
		assertRefused(forgery);
	}

	/** Without this, a decoder that refuses everything would pass. */
	@Test
	void shouldTakeTheTokensThatTheForgeriesAreMadeOf() {
		for (SigningKey key : List.of(Forgeries.RSA, Forgeries.EC, Forgeries.ED)) {
			String token = Forgeries.withHeader(key, Map.of());
			assertThat(this.checking.decode(token).block()).isNotNull();
			assertThat(this.remembering.decode(token).block()).isNotNull();
		}
		assertThat(this.checking.decode(Forgeries.withHeader(Forgeries.EC, Map.of("kid", "ec"))).block()).isNotNull();
		String raw = raw("good", "\"exp\":" + Instant.now().plusSeconds(60).getEpochSecond()).token();
		assertThat(this.checking.decode(raw).block()).isNotNull();
	}

	/** Twice, because a decoder must not remember what it has refused. */
	private void assertRefused(Forgery forgery) {
		for (ReactiveJwtDecoder decoder : List.of(this.checking, this.remembering, this.remembering)) {
			StepVerifier.create(decoder.decode(forgery.token())).verifyError(BadJwtException.class);
		}
	}

}
