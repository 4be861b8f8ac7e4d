package dev.switchboard.security;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.token.ClaimNames;
import dev.switchboard.token.Claims;
import dev.switchboard.token.SigningKey;
import dev.switchboard.token.TestDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.oauth2.jwt.JwtException;

import static org.assertj.core.api.Assertions.assertThat;

class JwtAgentAuthenticatorTests {

	private static final SigningKey KEY = SigningKey.ed25519();

	private static final AgentId AGENT = new AgentId("acme", "till:1");

	private final Instant expiry = Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS);

	private final OriginSettings origins = new OriginSettings(List.of("https://console.example"));

	private final JwtAgentAuthenticator authenticator = new JwtAgentAuthenticator(this.origins,
			TestDecoder.of(properties()), ClaimNames.DEFAULT);

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
	void shouldNotLetATokenSayWhichKeyHasSignedIt() {
		assertAccepted(bearer(Claims.of("acme", "till:1", "agent:connect")
			.with("exp", this.expiry.getEpochSecond())
			.with("switchboard.key", "another")
			.signedBy(KEY)));
	}

	@Test
	void shouldRefuseAHandshakeWithoutAToken() {
		assertRefused(handshake(""), Problem.UNAUTHORIZED, "A bearer token is needed");
		assertRefused(handshake("").header(HttpHeaders.AUTHORIZATION, "Basic YTpi"), Problem.UNAUTHORIZED,
				"A bearer token is needed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "access_token", "token", "bearer" })
	void shouldTakeNoTokenFromTheQuery(String parameter) {
		assertRefused(handshake("?" + parameter + "=" + token()), Problem.UNAUTHORIZED, "A bearer token is needed");
	}

	@Test
	void shouldRefuseTwoTokens() {
		assertRefused(handshake("").header(HttpHeaders.AUTHORIZATION, "Bearer " + token())
			.header("Sec-WebSocket-Protocol", "bearer." + token()), Problem.UNAUTHORIZED, "More than one");
	}

	@Test
	void shouldRefuseATokenWithWhiteSpace() {
		assertRefused(handshake("").header("Sec-WebSocket-Protocol", "bearer. " + token()), Problem.UNAUTHORIZED,
				"white space");
	}

	@Test
	void shouldRefuseABadToken() {
		Claims claims = Claims.of("acme", "till:1", "agent:connect");

		assertRefused(bearer("x"), Problem.UNAUTHORIZED, "");
		assertRefused(bearer(""), Problem.UNAUTHORIZED, "");
		assertRefused(bearer(claims.signedBy(SigningKey.ed25519())), Problem.UNAUTHORIZED, "signature");
		assertRefused(bearer(claims.with("exp", 1).signedBy(KEY)), Problem.UNAUTHORIZED, "expired");
	}

	@Test
	void shouldForbidATokenThatIsNotForConnecting() {
		assertRefused(bearer(Claims.of("acme", "till:1", "agent:call admin").signedBy(KEY)), Problem.FORBIDDEN,
				"agent:connect");
		assertRefused(bearer(Claims.of("acme", "till:1", "").without("scope").signedBy(KEY)), Problem.FORBIDDEN,
				"agent:connect");
	}

	@Test
	void shouldForbidATokenWithoutAnIdentity() {
		Claims claims = Claims.of("acme", "till:1", "agent:connect");
		assertRefused(bearer(claims.without("sub").signedBy(KEY)), Problem.FORBIDDEN, "sub");
		assertRefused(bearer(Claims.of("acme", "till:1", "agent:connect").without("tenant").signedBy(KEY)),
				Problem.FORBIDDEN, "tenant");
		assertRefused(bearer(Claims.of("*", "till:1", "agent:connect").signedBy(KEY)), Problem.FORBIDDEN, "tenant");
		assertRefused(bearer(Claims.of("acme", "till 1", "agent:connect").signedBy(KEY)), Problem.FORBIDDEN, "agent");
	}

	@Test
	void shouldNameTheClaimsThatItReads() {
		JwtAgentAuthenticator named = new JwtAgentAuthenticator(this.origins, TestDecoder.of(properties()),
				new ClaimNames("org", "device", null));

		StepVerifier
			.create(named.authenticate(received(bearer(Claims.of("other", "bob", "agent:connect")
				.with("org", "acme")
				.with("device", "till:1")
				.signedBy(KEY)))))
			.assertNext((credentials) -> assertThat(credentials.agent()).isEqualTo(AGENT))
			.verifyComplete();
		StepVerifier.create(named.authenticate(received(bearer(token()))))
			.verifyErrorSatisfies((failure) -> assertRefusal(failure, Problem.FORBIDDEN, "org or a device"));
	}

	@Test
	void shouldRefuseTheIdentitiesOfDevMode() {
		String detail = "Identity comes from the token alone";

		assertRefused(bearer(token()).header("Switchboard-Tenant", "acme"), Problem.INVALID_REQUEST, detail);
		assertRefused(bearer(token()).header("Switchboard-Agent", "till:1"), Problem.INVALID_REQUEST, detail);
		assertRefused(handshake("?tenant=acme").header(HttpHeaders.AUTHORIZATION, "Bearer " + token()),
				Problem.INVALID_REQUEST, detail);
		assertRefused(handshake("?agent=").header(HttpHeaders.AUTHORIZATION, "Bearer " + token()),
				Problem.INVALID_REQUEST, detail);
	}

	@Test
	void shouldRefuseAnOriginThatIsNotOnTheList() {
		assertRefused(bearer(token()).header(HttpHeaders.ORIGIN, "https://evil.example"), Problem.FORBIDDEN, "Origin");
		assertAccepted(bearer(token()).header(HttpHeaders.ORIGIN, "https://console.example"));
	}

	@Test
	void shouldNotCallATokenBadWhileTheIssuerIsAway() {
		JwtAgentAuthenticator away = new JwtAgentAuthenticator(this.origins,
				(token) -> Mono.error(new JwtException("away")), ClaimNames.DEFAULT);

		StepVerifier.create(away.authenticate(bearer("x").build()))
			.verifyErrorSatisfies((failure) -> assertRefusal(failure, Problem.UNAVAILABLE, "away"));
	}

	private String token() {
		return Claims.of("acme", "till:1", "agent:connect").with("exp", this.expiry.getEpochSecond()).signedBy(KEY);
	}

	private void assertAccepted(MockServerHttpRequest.BaseBuilder<?> handshake) {
		StepVerifier.create(this.authenticator.authenticate(received(handshake))).assertNext((credentials) -> {
			assertThat(credentials.agent()).isEqualTo(AGENT);
			assertThat(credentials.expiresAt()).isEqualTo(this.expiry);
			assertThat(credentials.key()).as("the key in the file").startsWith("SHA-256 ");
		}).verifyComplete();
	}

	private void assertRefused(MockServerHttpRequest.BaseBuilder<?> handshake, Problem problem, String detail) {
		StepVerifier.create(this.authenticator.authenticate(received(handshake)))
			.verifyErrorSatisfies((failure) -> assertRefusal(failure, problem, detail));
	}

	private static void assertRefusal(Throwable failure, Problem problem, String detail) {
		assertThat(failure).isInstanceOfSatisfying(ProblemException.class, (refusal) -> {
			assertThat(refusal.problem()).isEqualTo(problem);
			assertThat(refusal.detail()).contains(detail);
		});
	}

	private static MockServerHttpRequest.BaseBuilder<?> bearer(String token) {
		return handshake("").header(HttpHeaders.AUTHORIZATION, "Bearer " + token);
	}

	private static MockServerHttpRequest.BaseBuilder<?> handshake(String query) {
		return MockServerHttpRequest.method(HttpMethod.GET, URI.create("http://gate.example/v1/connect" + query));
	}

	/** Returns the request as a server has it, with attributes. */
	private static ServerHttpRequest received(MockServerHttpRequest.BaseBuilder<?> handshake) {
		return MockServerWebExchange.from(handshake).getRequest();
	}

	private static OAuth2ResourceServerProperties properties() {
		OAuth2ResourceServerProperties properties = new OAuth2ResourceServerProperties();
		properties.getJwt().setPublicKeyLocation(new ByteArrayResource(KEY.pem().getBytes(StandardCharsets.US_ASCII)));
		properties.getJwt().setIssuerUri(Claims.ISSUER);
		return properties;
	}

}
