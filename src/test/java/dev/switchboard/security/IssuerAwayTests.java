package dev.switchboard.security;

import dev.switchboard.audit.AuditSettings;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.problem.TestProblems;
import dev.switchboard.token.ClaimNames;
import dev.switchboard.token.TokenDecoders;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.WebFilterChainProxy;

import static org.assertj.core.api.Assertions.assertThat;

class IssuerAwayTests {

	private final ReactiveJwtDecoder decoder = (token) -> Mono
		.error(new JwtException("The issuer's keys cannot be fetched at present"));

	private final SecurityWebFilterChain chain = new JwtConfiguration().tokenFilterChain(ServerHttpSecurity.http(),
			new TokenDecoders(this.decoder, this.decoder), ClaimNames.DEFAULT, new AuditSettings(false));

	@Test
	void shouldAskForALaterTryInsteadOfCallingTheTokenBad() {
		MockServerWebExchange exchange = MockServerWebExchange
			.from(MockServerHttpRequest.get("/v1/nodes").header(HttpHeaders.AUTHORIZATION, "Bearer x"));

		new WebFilterChainProxy(this.chain).filter(exchange, (passed) -> Mono.error(new AssertionError("let in")))
			.onErrorResume(ProblemException.class, (failure) -> TestProblems.handler().handle(exchange, failure))
			.block();

		HttpHeaders headers = exchange.getResponse().getHeaders();
		assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(headers.getFirst(HttpHeaders.RETRY_AFTER)).matches("[1-5]");
		assertThat(headers.getFirst(HttpHeaders.WWW_AUTHENTICATE)).isNull();
		assertThat(headers.getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(exchange.getResponse().getBodyAsString().block()).contains("urn:switchboard:problem:unavailable",
				"The issuer's keys cannot be fetched at present");
	}

}
