package dev.switchboard.token;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

import static org.assertj.core.api.Assertions.assertThat;

class RecentTokensTests {

	private final ManualTime time = new ManualTime();

	private final AtomicInteger checks = new AtomicInteger();

	private boolean good = true;

	private int keys;

	private Duration life = Duration.ofHours(1);

	private final Instant begin = this.time.now();

	private final RecentTokens tokens = new RecentTokens((token) -> Mono.fromCallable(() -> check(token)),
			() -> this.keys, this.time);

	private Jwt check(String token) {
		this.checks.incrementAndGet();
		if (!this.good) {
			throw new BadJwtException("bad");
		}
		return Jwt.withTokenValue(token)
			.header("alg", "RS256")
			.notBefore(this.begin)
			.expiresAt(this.begin.plus(this.life))
			.build();
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
		this.life = Duration.ofSeconds(30);
		assertGood("a");
		this.good = false;
		this.time.advance(Duration.ofSeconds(29));
		assertGood("a");
		this.time.advance(Duration.ofSeconds(1));
		assertBad("a");
	}

	@Test
	void shouldRefuseATokenThatIsNotValidYetWhenTheClockHasGoneBack() {
		assertGood("a");
		this.good = false;
		this.time.advance(TokenRules.LEEWAY.negated());
		assertGood("a");
		this.time.advance(Duration.ofSeconds(-1));
		assertBad("a");
	}

	@Test
	void shouldCheckATokenAgainWhenAKeyIsWithdrawn() {
		assertGood("a");
		this.keys++;
		this.good = false;
		assertBad("a");
	}

	@Test
	void shouldNotRememberATokenWhoseKeyIsWithdrawnWhileItIsChecked() {
		RecentTokens overtaken = new RecentTokens((token) -> Mono.fromCallable(() -> {
			this.keys++;
			return check(token);
		}), () -> this.keys, this.time);

		StepVerifier.create(overtaken.decode("a")).expectNextCount(1).verifyComplete();
		StepVerifier.create(overtaken.decode("a")).expectNextCount(1).verifyComplete();
		assertThat(this.checks).hasValue(2);
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
