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
		return closed(code, Duration.ZERO, false);
	}

	private static Ending.Closed closed(int code, Duration lived, boolean answered) {
		return new Ending.Closed(code, "", false, lived, answered);
	}

	private static @Nullable Duration after(ReconnectPolicy policy, Ending ending) {
		return policy.delayAfter(ending, false);
	}

	private static long millis(@Nullable Duration delay) {
		return Objects.requireNonNull(delay).toMillis();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1006, 1013, 4003 })
	void shouldDrawAFullJitterFromTheFirstRetryOnAndDoubleTheWindow(int code) {
		assertThat(after(this.shortest, closed(code))).isZero();
		assertThat(after(this.longest, closed(code))).hasMillis(200);
		assertThat(after(this.longest, closed(code))).hasMillis(400);
		assertThat(after(this.longest, closed(code))).hasMillis(800);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1001, 1012, 4000, 4004 })
	void shouldNotCountAnEndingThatIsNoFaultOfAnybody(int code) {
		for (int i = 0; i < 100; i++) {
			assertThat(after(this.longest, closed(code))).hasMillis(100);
			assertThat(after(this.shortest, closed(code))).isZero();
		}
		assertThat(after(this.longest, closed(1006))).hasMillis(200);
		assertThat(after(this.longest, closed(code))).hasMillis(200);
	}

	@ParameterizedTest
	@CsvSource({ "1002,30", "1007,30", "1009,30", "4001,30", "4002,30", "4503,60" })
	void shouldBackOffFromTheUpperHalfOfTheWindowToItsCeiling(int code, int ceilingSeconds) {
		assertThat(after(this.shortest, closed(code))).hasMillis(200);
		assertThat(after(this.longest, closed(code))).hasMillis(100);
		for (int i = 0; i < 100; i++) {
			after(this.shortest, closed(code));
			after(this.longest, closed(code));
		}
		assertThat(after(this.shortest, closed(code))).hasSeconds(ceilingSeconds);
		assertThat(millis(after(this.longest, closed(code)))).isEqualTo(ceilingSeconds * 500L);
	}

	@Test
	void shouldAskOnceADayWhetherItIsStillRevoked() {
		assertThat(after(this.shortest, closed(4500))).hasDays(1);
		assertThat(millis(after(this.longest, closed(4500)))).isBetween(86_400_000L, 90_000_000L);
	}

	@Test
	void shouldStayAwayWhenThisProcessOpenedTheNewerConnection() {
		assertThat(after(this.shortest, new Ending.Closed(4501, "", true, Duration.ZERO, false))).isNull();
	}

	@Test
	void shouldWaitAMinuteOrMoreWhenAnotherProcessSupersededIt() {
		assertThat(after(this.shortest, closed(4501))).hasMinutes(1);
		assertThat(millis(after(this.longest, closed(4501)))).isBetween(60_000L, 90_000L);
	}

	@Test
	void shouldWaitTenMinutesOrMoreWhenItsTenantIsDisabled() {
		assertThat(after(this.shortest, closed(4502))).hasMinutes(10);
		assertThat(millis(after(this.longest, closed(4502)))).isBetween(600_000L, 900_000L);
	}

	@Test
	void shouldHonourRetryAfterAndSpreadWithinASecond() {
		Ending refused = new Ending.Refused(503, Duration.ofSeconds(7), new IOException());
		assertThat(after(this.shortest, refused)).hasSeconds(7);
		assertThat(after(this.longest, refused)).hasMillis(7999);
	}

	@ParameterizedTest
	@CsvSource({ "401,30", "403,60", "400,30", "404,30", "500,30", "503,30" })
	void shouldBackOffAfterARefusal(int status, int ceilingSeconds) {
		Ending refused = new Ending.Refused(status, null, new IOException());
		assertThat(after(this.shortest, refused)).hasMillis(200);
		assertThat(after(this.longest, refused)).hasMillis(100);
		for (int i = 0; i < 100; i++) {
			after(this.shortest, refused);
		}
		assertThat(after(this.shortest, refused)).hasSeconds(ceilingSeconds);
	}

	@Test
	void shouldNotCountAUrlThatIsJustDownWhenThereAreOthers() {
		Ending down = new Ending.Unreachable(new IOException());
		for (int i = 0; i < 100; i++) {
			assertThat(this.longest.delayAfter(down, true)).hasMillis(100);
			assertThat(this.longest.delayAfter(new Ending.Refused(502, null, new IOException()), true)).hasMillis(100);
		}
		assertThat(this.longest.delayAfter(down, false)).hasMillis(200);
	}

	@Test
	void shouldJitterWhenNobodyAnswers() {
		assertThat(after(this.shortest, new Ending.Unreachable(new IOException()))).isZero();
		assertThat(after(this.longest, new Ending.Unreachable(new IOException()))).hasMillis(200);
	}

	@Test
	void shouldFollowARedirectAtOnceButNotSpin() {
		Ending redirected = new Ending.Redirected(URI.create("ws://b"));
		for (int i = 0; i < Targets.MOST_REDIRECTS; i++) {
			assertThat(after(this.longest, redirected)).isZero();
		}
		assertThat(after(this.longest, redirected)).hasMillis(200);
	}

	@Test
	void shouldGoAwayAfterTheDelayThatTheGatewayNamed() {
		assertThat(after(this.longest, new Ending.Leaving(new Frame.GoAway(1234, null, "")))).hasMillis(1234);
	}

	@Test
	void shouldTakeTheWelcomesBounds() {
		this.longest.welcomed(new Frame.Welcome(TestIds.connection(), 1, TestIds.node(), 1, 1, 1, 2000, 5000));
		assertThat(after(this.longest, closed(1001))).hasMillis(2000);
		assertThat(after(this.longest, closed(1006))).hasMillis(4000);
		assertThat(after(this.longest, closed(1006))).hasMillis(5000);
	}

	@Test
	void shouldBeginAnewAfterAConnectionThatWasOfUse() {
		after(this.longest, closed(4002));
		after(this.longest, closed(4002));
		assertThat(after(this.longest, closed(1001, Duration.ofSeconds(59), false))).hasMillis(400);
		assertThat(after(this.longest, closed(1001, Duration.ofMinutes(1), false))).hasMillis(100);
		after(this.longest, closed(4002));
		assertThat(after(this.longest, closed(1006, Duration.ZERO, true))).hasMillis(200);
	}

	@Test
	void shouldStayWithinItsBoundsAfterAnyNumberOfFailures() {
		for (int i = 0; i < 10_000; i++) {
			after(this.longest, new Ending.Unreachable(new IOException()));
		}
		assertThat(after(this.longest, new Ending.Unreachable(new IOException()))).isPositive()
			.isLessThanOrEqualTo(Duration.ofSeconds(30));
	}

}
