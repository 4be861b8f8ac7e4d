package dev.switchboard.agent;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReconnectPolicyTests {

	private static final RandomGenerator LOWEST = () -> 0;

	private final ReconnectPolicy shortest = policy(LOWEST);

	private final ReconnectPolicy longest = policy(new Highest());

	/** Draws the highest number there is. */
	private static final class Highest implements RandomGenerator {

		@Override
		public long nextLong() {
			return -1;
		}

		@Override
		public long nextLong(long bound) {
			return bound - 1;
		}

	}

	private static ReconnectPolicy policy(RandomGenerator random) {
		return new ReconnectPolicy(random, Duration.ofMillis(100), Duration.ofSeconds(30));
	}

	private static Ending.Closed closed(int code) {
		return new Ending.Closed(code, "", false, Duration.ZERO);
	}

	private static long millis(@Nullable Duration delay) {
		return Objects.requireNonNull(delay).toMillis();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 1006, 1012, 1013, 4000, 4003, 4004 })
	void shouldDrawAFullJitterFromTheFirstRetryOnAndDoubleTheWindow(int code) {
		assertThat(this.shortest.delayAfter(closed(code))).isZero();
		assertThat(this.longest.delayAfter(closed(code))).hasMillis(100);
		assertThat(this.longest.delayAfter(closed(code))).hasMillis(200);
		assertThat(this.longest.delayAfter(closed(code))).hasMillis(400);
	}

	@ParameterizedTest
	@CsvSource({ "1002,30", "1007,30", "1009,30", "4001,30", "4002,30", "4503,60" })
	void shouldBackOffFromTheUpperHalfOfTheWindowToItsCeiling(int code, int ceilingSeconds) {
		assertThat(this.shortest.delayAfter(closed(code))).hasMillis(100);
		assertThat(this.longest.delayAfter(closed(code))).hasMillis(50);
		for (int i = 0; i < 100; i++) {
			this.shortest.delayAfter(closed(code));
			this.longest.delayAfter(closed(code));
		}
		assertThat(this.shortest.delayAfter(closed(code))).hasSeconds(ceilingSeconds);
		assertThat(millis(this.longest.delayAfter(closed(code)))).isEqualTo(ceilingSeconds * 500L);
	}

	@Test
	void shouldNeverComeBackWhenItsCredentialsAreRevoked() {
		assertThat(this.shortest.delayAfter(closed(4500))).isNull();
	}

	@Test
	void shouldStayAwayWhenThisProcessOpenedTheNewerConnection() {
		assertThat(this.shortest.delayAfter(new Ending.Closed(4501, "", true, Duration.ZERO))).isNull();
	}

	@Test
	void shouldWaitAMinuteOrMoreWhenAnotherProcessSupersededIt() {
		assertThat(this.shortest.delayAfter(closed(4501))).hasMinutes(1);
		assertThat(millis(this.longest.delayAfter(closed(4501)))).isBetween(60_000L, 90_000L);
	}

	@Test
	void shouldWaitTenMinutesOrMoreWhenItsTenantIsDisabled() {
		assertThat(this.shortest.delayAfter(closed(4502))).hasMinutes(10);
		assertThat(millis(this.longest.delayAfter(closed(4502)))).isBetween(600_000L, 900_000L);
	}

	@Test
	void shouldHonourRetryAfterAndSpreadWithinASecond() {
		Ending refused = new Ending.Refused(503, Duration.ofSeconds(7), new IOException());
		assertThat(this.shortest.delayAfter(refused)).hasSeconds(7);
		assertThat(this.longest.delayAfter(refused)).hasMillis(7999);
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 503 })
	void shouldJitterWhereAFreshTokenOrAnotherTryMayHelp(int status) {
		assertThat(this.shortest.delayAfter(new Ending.Refused(status, null, new IOException()))).isZero();
		assertThat(this.longest.delayAfter(new Ending.Refused(status, null, new IOException()))).hasMillis(100);
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 400, 403, 404, 500 })
	void shouldBackOffToAMinuteWhereAnotherTryHardlyHelps(int status) {
		for (int i = 0; i < 100; i++) {
			this.shortest.delayAfter(new Ending.Refused(status, null, new IOException()));
		}
		assertThat(this.shortest.delayAfter(new Ending.Refused(status, null, new IOException()))).hasMinutes(1);
	}

	@Test
	void shouldJitterWhenNobodyAnswers() {
		assertThat(this.shortest.delayAfter(new Ending.Unreachable(new IOException()))).isZero();
		assertThat(this.longest.delayAfter(new Ending.Unreachable(new IOException()))).hasMillis(100);
	}

	@Test
	void shouldFollowARedirectAtOnceButNotSpin() {
		Ending redirected = new Ending.Redirected(URI.create("ws://b"));
		for (int i = 0; i < Targets.MOST_REDIRECTS; i++) {
			assertThat(this.longest.delayAfter(redirected)).isZero();
		}
		assertThat(this.longest.delayAfter(redirected)).hasMillis(100);
	}

	@Test
	void shouldGoAwayAfterTheDelayThatTheGatewayNamed() {
		assertThat(this.longest.delayAfter(new Ending.Leaving(new Frame.GoAway(1234, null, "")))).hasMillis(1234);
	}

	@Test
	void shouldTakeTheWelcomesBounds() {
		this.longest.welcomed(new Frame.Welcome(TestIds.connection(), 1, TestIds.node(), 1, 1, 1, 2000, 5000));
		assertThat(this.longest.delayAfter(closed(1001))).hasMillis(2000);
		assertThat(this.longest.delayAfter(closed(1001))).hasMillis(4000);
		assertThat(this.longest.delayAfter(closed(1001))).hasMillis(5000);
	}

	@Test
	void shouldBeginAnewAfterAConnectionThatLasted() {
		this.longest.delayAfter(closed(4002));
		this.longest.delayAfter(closed(4002));
		assertThat(this.longest.delayAfter(new Ending.Closed(1001, "", false, Duration.ofSeconds(30)))).hasMillis(100);
	}

	@Test
	void shouldStayWithinItsBoundsAfterAnyNumberOfFailures() {
		for (int i = 0; i < 10_000; i++) {
			this.longest.delayAfter(new Ending.Unreachable(new IOException()));
		}
		assertThat(this.longest.delayAfter(new Ending.Unreachable(new IOException()))).isPositive()
			.isLessThanOrEqualTo(Duration.ofSeconds(30));
	}

}
