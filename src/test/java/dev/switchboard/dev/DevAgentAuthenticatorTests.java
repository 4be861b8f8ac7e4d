package dev.switchboard.dev;

import java.net.URI;
import java.util.List;

import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.security.OriginSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;

class DevAgentAuthenticatorTests {

	private static final AgentId AGENT = new AgentId("acme", "till:1");

	private final DevAgentAuthenticator authenticator = new DevAgentAuthenticator(
			new OriginSettings(List.of("http://localhost:3000")));

	@Test
	void shouldTakeAnIdentityFromHeaders() {
		assertAccepted(handshake("").header("Switchboard-Tenant", "acme").header("switchboard-agent", "till:1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "?tenant=acme&agent=till:1", "?agent=till%3A1&tenant=%61cme&other=x" })
	void shouldTakeAnIdentityFromTheQuery(String query) {
		assertAccepted(handshake(query));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?tenant=acme", "?agent=till:1", "?tenant=&agent=till:1", "?tenant&agent=till:1",
			"?tenant=acme&agent=.hidden", "?tenant=acme&agent=a%20b", "?tenant=acme&agent=a+b",
			"?tenant=acme&agent=a%2Fb", "?tenant=acme&tenant=acme&agent=till:1", "?tenant=acme&agent=a&agent=b",
			"?Tenant=acme&agent=till:1", "?tenant=acme&agent=a%C3%A9" })
	void shouldRefuseABadIdentity(String query) {
		assertRefused(handshake(query), Problem.INVALID_REQUEST);
	}

	@Test
	void shouldRefuseTwoIdentities() {
		assertRefused(handshake("?tenant=acme&agent=till:1").header("Switchboard-Tenant", "acme"),
				Problem.INVALID_REQUEST);
		assertRefused(handshake("?agent=till:1").header("Switchboard-Tenant", "acme", "acme"), Problem.INVALID_REQUEST);
	}

	@Test
	void shouldRefuseAnOriginThatIsNotOnTheList() {
		String query = "?tenant=acme&agent=till:1";

		assertRefused(handshake(query).header(HttpHeaders.ORIGIN, "https://evil.example"), Problem.FORBIDDEN);
		assertAccepted(handshake(query).header(HttpHeaders.ORIGIN, "http://localhost:3000"));
	}

	@Test
	void shouldRefuseAHostThatIsNotLoopback() {
		assertRefused(request("?tenant=acme&agent=till:1").header(HttpHeaders.HOST, "evil.example"), Problem.FORBIDDEN);
	}

	private void assertAccepted(MockServerHttpRequest.BaseBuilder<?> handshake) {
		StepVerifier.create(this.authenticator.authenticate(handshake.build()))
			.expectNext(new AgentCredentials(AGENT, null))
			.verifyComplete();
	}

	private void assertRefused(MockServerHttpRequest.BaseBuilder<?> handshake, Problem problem) {
		StepVerifier.create(this.authenticator.authenticate(handshake.build()))
			.verifyErrorSatisfies(
					(failure) -> assertThat(failure).isInstanceOfSatisfying(ProblemException.class, (refusal) -> {
						assertThat(refusal.problem()).isEqualTo(problem);
						assertThat(refusal).message().isNotBlank();
					}));
	}

	private static MockServerHttpRequest.BaseBuilder<?> handshake(String query) {
		return request(query).header(HttpHeaders.HOST, "127.0.0.1:8090");
	}

	private static MockServerHttpRequest.BaseBuilder<?> request(String query) {
		return MockServerHttpRequest.method(HttpMethod.GET, URI.create("http://127.0.0.1:8090/v1/connect" + query));
	}

}
