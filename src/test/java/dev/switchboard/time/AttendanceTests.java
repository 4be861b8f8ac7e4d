package dev.switchboard.time;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AttendanceTests {

	private static final long SECOND = 1_000_000_000;

	private final Attendance attendance = new Attendance(Duration.ofSeconds(1), 0);

	@Test
	void shouldHaveBeenThereAllTheTimeAtFirst() {
		assertThat(this.attendance.unbrokenNanos(SECOND)).isGreaterThan(Duration.ofDays(365).toNanos());
	}

	@Test
	void shouldNotTakeADelayForAnAbsence() {
		assertThat(this.attendance.wasAway(5 * SECOND, 6 * SECOND)).isFalse();
		assertThat(this.attendance.unbrokenNanos(6 * SECOND)).isGreaterThan(Duration.ofDays(365).toNanos());
	}

	@Test
	void shouldCountFromItsReturn() {
		assertThat(this.attendance.wasAway(5 * SECOND, 6 * SECOND + 1)).isTrue();
		assertThat(this.attendance.wasAway(7 * SECOND, 7 * SECOND)).isFalse();
		assertThat(this.attendance.unbrokenNanos(9 * SECOND + 1)).isEqualTo(3 * SECOND);
	}

}
