package dev.switchboard.security;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.handshake.AgentAuthenticator;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.TimeSource;
import dev.switchboard.tls.TestAuthority;
import dev.switchboard.tls.TestCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

class CertificateAuthenticatorTests {

	private static final TestAuthority AUTHORITY = new TestAuthority("ours");

	private static final AgentId AGENT = new AgentId("acme", "till:1");

	private static final TestCertificate GOOD = AUTHORITY.issueAgent("acme", "till:1");

	private static final Instant END = GOOD.certificate().getNotAfter().toInstant();

	/** What the tokens prove; none is valid if it is null. */
	private @Nullable AgentCredentials proved;

	private Instant now = Instant.now();

	private final AgentAuthenticator tokens = (_) -> (this.proved != null) ? Mono.just(this.proved)
			: Mono.error(new ProblemException(Problem.UNAUTHORIZED, "A bearer token is needed"));

	private final CertificateAuthenticator authenticator = new CertificateAuthenticator(this.tokens,
			new OriginSettings(List.of()), SecuritySettings.Mode.JWT, new TimeSource() {

				@Override
				public long nanoTime() {
					return System.nanoTime();
				}

				@Override
				public Instant now() {
					return CertificateAuthenticatorTests.this.now;
				}

			});

	@Test
	void shouldTakeTheAgentOfACertificate() {
		assertAccepted(handshake(GOOD), END);
	}

	@Test
	void shouldTakeTheSubjectOfACertificateWithoutASpiffeId() {
		assertAccepted(handshake(AUTHORITY.issue("CN=till:1,OU=shop,O=acme", "-ext", "san=uri:https://example.org/x")),
				null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://example.org/agent/till:1", "spiffe://example.org/tenant/acme/agent/till:1/more",
			"spiffe://example.org/tenant/acme/agent/.x", "SPIFFE://example.org/other", "spiffe:///tenant/a/agent/b",
			"spiffe://example.org/tenant/a%2Fb/agent/x" })
	void shouldRefuseASpiffeIdThatNamesNoAgentWhateverTheSubjectSays(String id) {
		assertRefused(handshake(AUTHORITY.issue("CN=till:1,O=acme", "-ext", "san=uri:" + id)), Problem.FORBIDDEN,
				"The certificate names no agent");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CN=till:1", "O=acme", "CN=till:1,O=acme,O=other", "CN=a b,O=acme", "C=DE" })
	void shouldRefuseASubjectThatNamesNoAgent(String subject) {
		assertRefused(handshake(AUTHORITY.issue(subject)), Problem.FORBIDDEN, "The certificate names no agent");
	}

	@Test
	void shouldRefuseTwoSpiffeIds() {
		TestCertificate both = AUTHORITY.issue("CN=agent", "-ext",
				"san=uri:spiffe://e/tenant/acme/agent/a,uri:spiffe://e/tenant/acme/agent/b");
		assertRefused(handshake(both), Problem.FORBIDDEN, "The certificate names no agent");
	}

	@Test
	void shouldRefuseACertificateThatHasExpiredSinceItsHandshake() {
		this.now = END;
		assertRefused(handshake(GOOD), Problem.UNAUTHORIZED, "The certificate has expired");
	}

	@Test
	void shouldTakeACertificateAndATokenOfTheSameAgentUntilTheFirstOneExpires() {
		Instant earlier = END.minusSeconds(1000);
		this.proved = new AgentCredentials(AGENT, earlier);
		assertAccepted(handshake(GOOD).header(HttpHeaders.AUTHORIZATION, "Bearer x"), earlier);
		this.proved = new AgentCredentials(AGENT, END.plusSeconds(1000));
		assertAccepted(handshake(GOOD).header("Sec-WebSocket-Protocol", "bearer.x"), END);
	}

	@Test
	void shouldRefuseACertificateOfAnotherTenantThanTheToken() {
		this.proved = new AgentCredentials(new AgentId("other", "till:1"), null);
		assertRefused(handshake(GOOD).header(HttpHeaders.AUTHORIZATION, "Bearer x"), Problem.FORBIDDEN,
				"different agents");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer x", "Basic x", "" })
	void shouldRefuseABadTokenBesideAGoodCertificate(String token) {
		assertRefused(handshake(GOOD).header(HttpHeaders.AUTHORIZATION, token), Problem.UNAUTHORIZED, "bearer token");
	}

	@Test
	void shouldAskForATokenWithoutACertificate() {
		assertRefused(handshake(null), Problem.UNAUTHORIZED, "A bearer token is needed");
		this.proved = new AgentCredentials(AGENT, END);
		assertAccepted(handshake(null), END);
	}

	@Test
	void shouldRefuseAPageOfAnotherOriginWhoseBrowserHasTheCertificate() {
		assertRefused(handshake(GOOD).header(HttpHeaders.ORIGIN, "https://evil.example"), Problem.FORBIDDEN, "Origin");
	}

	private static MockServerHttpRequest.BaseBuilder<?> handshake(@Nullable TestCertificate certificate) {
		MockServerHttpRequest.BaseBuilder<?> request = MockServerHttpRequest.get("https://gateway.example/v1/connect");
		return (certificate != null) ? request.sslInfo(new Shown(certificate.certificate())) : request;
	}

	private Mono<AgentCredentials> authenticate(MockServerHttpRequest.BaseBuilder<?> handshake) {
		return this.authenticator.authenticate(MockServerWebExchange.from(handshake).getRequest());
	}

	private void assertAccepted(MockServerHttpRequest.BaseBuilder<?> handshake, @Nullable Instant end) {
		StepVerifier.create(authenticate(handshake)).assertNext((credentials) -> {
			assertThat(credentials.agent()).isEqualTo(AGENT);
			assertThat(credentials.expiresAt()).isNotNull();
			if (end != null) {
				assertThat(credentials.expiresAt()).isEqualTo(end);
			}
		}).verifyComplete();
	}

	private void assertRefused(MockServerHttpRequest.BaseBuilder<?> handshake, Problem problem, String detail) {
		StepVerifier.create(authenticate(handshake))
			.verifyErrorSatisfies(
					(failure) -> assertThat(failure).isInstanceOfSatisfying(ProblemException.class, (refusal) -> {
						assertThat(refusal.problem()).isEqualTo(problem);
						assertThat(refusal.detail()).contains(detail);
					}));
	}

	private record Shown(X509Certificate certificate) implements SslInfo {

		@Override
		public String getSessionId() {
			return "1";
		}

		@Override
		public X509Certificate[] getPeerCertificates() {
			return new X509Certificate[] { this.certificate };
		}

	}

}
