package dev.switchboard.security;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.security.oauth2.jwt.JwtException;

import dev.switchboard.protocol.AgentId;

import static org.assertj.core.api.Assertions.assertThat;

class JwtAgentAuthenticatorTests {

	private static final SigningKey KEY = SigningKey.ed25519();

	private static final AgentId AGENT = new AgentId("acme", "till:1");

	private final Instant expiry = Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS);

	private final OriginSettings origins = new OriginSettings(List.of("https://console.example"));

	private final JwtAgentAuthenticator authenticator = new JwtAgentAuthenticator(this.origins,
			new JwtConfiguration().jwtDecoder(properties()));

	@ParameterizedTest
	@ValueSource(strings = { "Bearer ", "bearer ", "BEARER " })
	void shouldTakeATokenFromTheAuthorizationHeader(String scheme) {
		assertAccepted(handshake("").header(HttpHeaders.AUTHORIZATION, scheme + token()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "switchboard.v1.json, bearer.%s", "bearer.%s,switchboard.v1.json", "bearer.%s" })
	void shouldTakeATokenFromTheSubprotocols(String protocols) {
		assertAccepted(handshake("").header("Sec-WebSocket-Protocol", protocols.formatted(token())));
	}

	@Test
	void shouldTakeATokenFromASecondSubprotocolHeader() {
		assertAccepted(handshake("").header("Sec-WebSocket-Protocol", "switchboard.v1.json", "bearer." + token()));
	}

	@Test
	void shouldRefuseAHandshakeWithoutAToken() {
		assertRefused(handshake(""), HttpStatus.UNAUTHORIZED, "a bearer token is needed");
		assertRefused(handshake("").header(HttpHeaders.AUTHORIZATION, "Basic YTpi"), HttpStatus.UNAUTHORIZED,
				"a bearer token is needed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "access_token", "token", "bearer" })
	void shouldTakeNoTokenFromTheQuery(String parameter) {
		assertRefused(handshake("?" + parameter + "=" + token()), HttpStatus.UNAUTHORIZED, "a bearer token is needed");
	}

	@Test
	void shouldRefuseTwoTokens() {
		assertRefused(handshake("").header(HttpHeaders.AUTHORIZATION, "Bearer " + token())
			.header("Sec-WebSocket-Protocol", "bearer." + token()), HttpStatus.UNAUTHORIZED, "more than one");
	}

	@Test
	void shouldRefuseABadToken() {
		Claims claims = Claims.of("acme", "till:1", "agent:connect");

		assertRefused(bearer("x"), HttpStatus.UNAUTHORIZED, "");
		assertRefused(bearer(""), HttpStatus.UNAUTHORIZED, "");
		assertRefused(bearer(claims.signedBy(SigningKey.ed25519())), HttpStatus.UNAUTHORIZED, "signature");
		assertRefused(bearer(claims.with("exp", 1).signedBy(KEY)), HttpStatus.UNAUTHORIZED, "expired");
	}

	@Test
	void shouldForbidATokenThatIsNotForConnecting() {
		assertRefused(bearer(Claims.of("acme", "till:1", "agent:call admin").signedBy(KEY)), HttpStatus.FORBIDDEN,
				"agent:connect");
		assertRefused(bearer(Claims.of("acme", "till:1", "").without("scope").signedBy(KEY)), HttpStatus.FORBIDDEN,
				"agent:connect");
	}

	@Test
	void shouldForbidATokenWithoutAnIdentity() {
		Claims claims = Claims.of("acme", "till:1", "agent:connect");
		assertRefused(bearer(claims.without("sub").signedBy(KEY)), HttpStatus.FORBIDDEN, "sub");
		assertRefused(bearer(Claims.of("acme", "till:1", "agent:connect").without("tenant").signedBy(KEY)),
				HttpStatus.FORBIDDEN, "tenant");
		assertRefused(bearer(Claims.of("*", "till:1", "agent:connect").signedBy(KEY)), HttpStatus.FORBIDDEN, "tenant");
		assertRefused(bearer(Claims.of("acme", "till 1", "agent:connect").signedBy(KEY)), HttpStatus.FORBIDDEN,
				"agent");
	}

	@Test
	void shouldRefuseTheIdentitiesOfDevMode() {
		String detail = "identity comes from the token alone";

		assertRefused(bearer(token()).header("Switchboard-Tenant", "acme"), HttpStatus.BAD_REQUEST, detail);
		assertRefused(bearer(token()).header("Switchboard-Agent", "till:1"), HttpStatus.BAD_REQUEST, detail);
		assertRefused(handshake("?tenant=acme").header(HttpHeaders.AUTHORIZATION, "Bearer " + token()),
				HttpStatus.BAD_REQUEST, detail);
		assertRefused(handshake("?agent=").header(HttpHeaders.AUTHORIZATION, "Bearer " + token()),
				HttpStatus.BAD_REQUEST, detail);
	}

	@Test
	void shouldRefuseAnOriginThatIsNotOnTheList() {
		assertRefused(bearer(token()).header(HttpHeaders.ORIGIN, "https://evil.example"), HttpStatus.FORBIDDEN,
				"Origin");
		assertAccepted(bearer(token()).header(HttpHeaders.ORIGIN, "https://console.example"));
	}

	@Test
	void shouldAskForALaterTryWhileTheIssuerIsAway() {
		JwtAgentAuthenticator cut = new JwtAgentAuthenticator(this.origins,
				(token) -> Mono.error(new JwtException("away")));

		StepVerifier.create(cut.authenticate(bearer("x").build())).verifyErrorSatisfies((failure) -> {
			HttpHeaders answer = assertRefusal(failure, HttpStatus.SERVICE_UNAVAILABLE, "away");
			assertThat(answer.getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo("1");
		});
	}

	@Test
	void shouldChallengeWhereCredentialsAreMissing() {
		StepVerifier.create(this.authenticator.authenticate(handshake("").build())).verifyErrorSatisfies((failure) -> {
			HttpHeaders answer = assertRefusal(failure, HttpStatus.UNAUTHORIZED, "");
			assertThat(answer.getFirst(HttpHeaders.WWW_AUTHENTICATE)).isEqualTo("Bearer");
		});
	}

	@Test
	void shouldTakeAFreshTokenOfTheSameAgent() {
		StepVerifier.create(this.authenticator.refresh(AGENT, token()))
			.expectNext(new AgentCredentials(AGENT, this.expiry))
			.verifyComplete();
	}

	@Test
	void shouldRefuseAFreshTokenThatIsBadOrOfAnotherAgent() {
		StepVerifier.create(this.authenticator.refresh(new AgentId("acme", "till:2"), token()))
			.verifyErrorSatisfies((failure) -> assertRefusal(failure, HttpStatus.FORBIDDEN, "another agent"));
		StepVerifier.create(this.authenticator.refresh(AGENT, "x"))
			.verifyErrorSatisfies((failure) -> assertRefusal(failure, HttpStatus.UNAUTHORIZED, ""));
	}

	private String token() {
		return Claims.of("acme", "till:1", "agent:connect").with("exp", this.expiry.getEpochSecond()).signedBy(KEY);
	}

	private void assertAccepted(MockServerHttpRequest.BaseBuilder<?> handshake) {
		StepVerifier.create(this.authenticator.authenticate(handshake.build()))
			.expectNext(new AgentCredentials(AGENT, this.expiry))
			.verifyComplete();
	}

	private void assertRefused(MockServerHttpRequest.BaseBuilder<?> handshake, HttpStatus status, String detail) {
		StepVerifier.create(this.authenticator.authenticate(handshake.build()))
			.verifyErrorSatisfies((failure) -> assertRefusal(failure, status, detail));
	}

	private static HttpHeaders assertRefusal(@Nullable Throwable failure, HttpStatus status, String detail) {
		HttpHeaders answer = new HttpHeaders();
		assertThat(failure).isInstanceOfSatisfying(HandshakeRefusedException.class, (refusal) -> {
			assertThat(refusal.status()).isEqualTo(status);
			assertThat(refusal).hasMessageContaining(detail);
			refusal.addHeaders(answer);
		});
		return answer;
	}

	private static MockServerHttpRequest.BaseBuilder<?> bearer(String token) {
		return handshake("").header(HttpHeaders.AUTHORIZATION, "Bearer " + token);
	}

	private static MockServerHttpRequest.BaseBuilder<?> handshake(String query) {
		return MockServerHttpRequest.method(HttpMethod.GET, URI.create("http://gate.example/v1/connect" + query));
	}

	private static OAuth2ResourceServerProperties properties() {
		OAuth2ResourceServerProperties properties = new OAuth2ResourceServerProperties();
		properties.getJwt().setPublicKeyLocation(new ByteArrayResource(KEY.pem().getBytes(StandardCharsets.US_ASCII)));
		properties.getJwt().setIssuerUri(Claims.ISSUER);
		return properties;
	}

}
