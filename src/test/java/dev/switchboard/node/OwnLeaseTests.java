package dev.switchboard.node;

import java.time.Duration;

import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OwnLeaseTests {

	private static final Duration TERM = Duration.ofSeconds(15);

	private static final Duration FIRST = Duration.ofMillis(100);

	private final ManualTime time = new ManualTime();

	private final OwnLease lease = new OwnLease(this.time);

	private void renewedAfter(Duration pause) {
		this.time.advance(pause);
		this.lease.renewed();
	}

	@Test
	void shouldNotBeHeldBeforeTheFirstRenewal() {
		assertThat(this.lease.renewedWithin(TERM)).isFalse();
		assertThat(this.lease.age()).isNull();
	}

	@Test
	void shouldKnowHowLongAgoItWasRenewed() {
		renewedAfter(Duration.ZERO);
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.lease.renewedWithin(Duration.ofSeconds(10))).isTrue();
		assertThat(this.lease.renewedWithin(Duration.ofSeconds(9))).isFalse();
		assertThat(this.lease.age()).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void shouldDoubleItsPausesUpToTheLimitUntilItIsRenewed() {
		Duration limit = Duration.ofMillis(300);
		assertThat(this.lease.backoff(FIRST, limit)).isEqualTo(FIRST);
		assertThat(this.lease.backoff(FIRST, limit)).isEqualTo(FIRST.multipliedBy(2));
		assertThat(this.lease.backoff(FIRST, limit)).isEqualTo(limit);
		this.lease.renewed();
		assertThat(this.lease.backoff(FIRST, limit)).isEqualTo(FIRST);
	}

}
