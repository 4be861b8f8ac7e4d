package dev.switchboard.token;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

import static org.assertj.core.api.Assertions.assertThat;

class IdentityProviderTests {

	private static final SigningKey KEY = SigningKey.ed25519();

	private final Map<String, String> pages = new ConcurrentHashMap<>();

	private final IdentityProvider provider = new IdentityProvider();

	private DisposableServer server;

	private String address;

	@BeforeEach
	void start() {
		this.server = HttpServer.create().host("127.0.0.1").port(0).handle((request, response) -> {
			String page = this.pages.get(request.uri());
			return (page != null) ? response.sendString(Mono.just(page)) : response.sendNotFound();
		}).bindNow();
		this.address = "http://127.0.0.1:" + this.server.port();
		this.pages.put("/keys", jwkSet(KEY));
	}

	@AfterEach
	void stop() {
		this.server.disposeNow();
	}

	@Test
	void shouldTakeTheUsableKeysOfASet() {
		JWKSet set = new JWKSet(List.of(SigningKey.rsa().jwk("r"), KEY.jwk("e"), SigningKey.ec("secp384r1").jwk("x"),
				new OctetSequenceKey.Builder("a secret".getBytes(StandardCharsets.US_ASCII)).build()));
		this.pages.put("/keys", set.toString(false).replace("[{", "[{\"kty\":\"FUTURE\"},{"));

		List<VerificationKey> keys = this.provider.keysAt(URI.create(this.address + "/keys")).block();

		assertThat(keys).extracting(VerificationKey::id).containsExactly("r", "e");
		assertThat(keys).extracting(VerificationKey::algorithm).containsExactly(JWSAlgorithm.RS256, JWSAlgorithm.EdDSA);
	}

	@Test
	void shouldFindKeysByOpenIdConnectDiscovery() {
		String issuer = this.address + "/realms/one";
		this.pages.put("/realms/one/.well-known/openid-configuration", metadata(issuer));

		assertThat(this.provider.keysOf(issuer).block()).hasSize(1);
	}

	@Test
	void shouldFindKeysByAuthorizationServerMetadata() {
		String issuer = this.address + "/realms/one";
		this.pages.put("/.well-known/oauth-authorization-server/realms/one", metadata(issuer));

		assertThat(this.provider.keysOf(issuer).block()).hasSize(1);
	}

	@Test
	void shouldFindKeysOfAnIssuerThatEndsInASlash() {
		String issuer = this.address + "/";
		this.pages.put("/.well-known/openid-configuration", metadata(issuer));

		assertThat(this.provider.keysOf(issuer).block()).hasSize(1);
	}

	@Test
	void shouldNotUseTheMetadataOfAnotherIssuer() {
		this.pages.put("/.well-known/openid-configuration", metadata("https://other.example"));

		StepVerifier.create(this.provider.keysOf(this.address)).verifyError(JwtException.class);
	}

	@Test
	void shouldFailWhenTheAnswerIsNoKeySet() {
		this.pages.put("/keys", "<html>");

		StepVerifier.create(this.provider.keysAt(URI.create(this.address + "/keys")))
			.verifyErrorMessage("The issuer's keys cannot be fetched at present");
	}

	@Test
	void shouldFailWhenTheSetHasNoUsableKey() {
		for (String set : List.of("{\"keys\":[]}", new JWKSet(SigningKey.ec("secp384r1").jwk("x")).toString())) {
			this.pages.put("/keys", set);

			StepVerifier.create(this.provider.keysAt(URI.create(this.address + "/keys")))
				.verifyErrorSatisfies(
						(failure) -> assertThat(failure).hasMessage("The issuer's keys cannot be fetched at present")
							.hasStackTraceContaining("/keys")
							.hasStackTraceContaining("no key that can verify tokens"));
		}
	}

	@Test
	void shouldFailWhenTheAnswerIsEmpty() {
		this.pages.put("/keys", "");

		StepVerifier.create(this.provider.keysAt(URI.create(this.address + "/keys")))
			.verifyErrorMessage("The issuer's keys cannot be fetched at present");
	}

	@Test
	void shouldReadKeysOnNoEventLoop() {
		Thread reader = this.provider.keysAt(URI.create(this.address + "/keys"))
			.map((_) -> Thread.currentThread())
			.block();

		assertThat(reader).isNotNull().satisfies((thread) -> assertThat(thread.getName()).startsWith("parallel-"));
	}

	@Test
	void shouldJudgeTokensOnceAnIssuerThatWasAwayIsThere() {
		ReactiveJwtDecoder decoder = decoder(this.address);
		String token = KEY.sign(Map.of("kid", "k"), Claims.valid().with("iss", this.address).map());

		StepVerifier.create(decoder.decode(token))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(JwtException.class)
				.isNotInstanceOf(BadJwtException.class)
				.hasMessage("The issuer's keys cannot be fetched at present"));

		this.pages.put("/.well-known/openid-configuration", metadata(this.address));
		Jwt jwt = decoder.decode(token).retryWhen(Retry.backoff(100, IssuerKeys.RETRY)).block();
		assertThat(jwt).isNotNull();
	}

	private static ReactiveJwtDecoder decoder(String issuer) {
		OAuth2ResourceServerProperties properties = new OAuth2ResourceServerProperties();
		properties.getJwt().setIssuerUri(issuer);
		properties.getJwt().setAudiences(List.of(Claims.AUDIENCE));
		return TestDecoder.of(properties);
	}

	private String metadata(String issuer) {
		return JSONObjectUtils.toJSONString(Map.of("issuer", issuer, "jwks_uri", this.address + "/keys"));
	}

	private static String jwkSet(SigningKey key) {
		return new JWKSet(key.jwk("k")).toString();
	}

}
