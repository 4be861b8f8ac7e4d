package dev.switchboard.token;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

import static org.assertj.core.api.Assertions.assertThat;

class RecentTokensTests {

	private final ManualTime time = new ManualTime();

	private final AtomicInteger checks = new AtomicInteger();

	private boolean good = true;

	private final RecentTokens tokens = new RecentTokens((token) -> Mono.fromCallable(() -> check(token)),
			(_) -> this.good ? OAuth2TokenValidatorResult.success()
					: OAuth2TokenValidatorResult.failure(new OAuth2Error("expired")),
			this.time);

	private Jwt check(String token) {
		this.checks.incrementAndGet();
		if (!this.good) {
			throw new BadJwtException("bad");
		}
		return Jwt.withTokenValue(token).header("alg", "RS256").expiresAt(Instant.MAX).build();
	}

	@Test
	void shouldCheckATokenOnceInAWhile() {
		assertGood("a");
		assertGood("a");
		assertGood("b");
		assertThat(this.checks).hasValue(2);
	}

	@Test
	void shouldCheckATokenAgainAfterAMinute() {
		assertGood("a");
		this.time.advance(Duration.ofMinutes(1));
		this.good = false;
		assertBad("a");
	}

	@Test
	void shouldRefuseATokenThatHasExpiredSince() {
		assertGood("a");
		this.good = false;
		assertBad("a");
	}

	@Test
	void shouldCheckABadTokenEachTime() {
		this.good = false;
		assertBad("a");
		this.good = true;
		assertGood("a");
	}

	private void assertGood(String token) {
		StepVerifier.create(this.tokens.decode(token))
			.assertNext((jwt) -> assertThat(jwt.getTokenValue()).isEqualTo(token))
			.verifyComplete();
	}

	private void assertBad(String token) {
		StepVerifier.create(this.tokens.decode(token)).verifyError(BadJwtException.class);
	}

}
