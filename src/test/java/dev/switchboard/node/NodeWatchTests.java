package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NodeWatchTests {

	private static final Duration LEASE = Duration.ofSeconds(15);

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private static final Instant THEN = Instant.parse("2031-01-01T00:00:00Z");

	private final NodeId self = TestIds.node();

	private final NodeId other = TestIds.node();

	private final ManualTime time = new ManualTime();

	private final NodeWatch watch = new NodeWatch(this.self, LEASE, this.time);

	private static NodeRecord node(NodeId id, Instant heartbeat, Duration lease) {
		return new NodeRecord(id, "127.0.0.1", 8070, null, NodeState.UP, 0, 100, heartbeat, lease);
	}

	private boolean givesUp(Instant heartbeat) {
		return !this.watch.look(List.of(node(this.other, heartbeat, LEASE)), this.time.nanoTime()).isEmpty();
	}

	private boolean givesUpAfter(Duration pause, Instant heartbeat) {
		this.time.advance(pause);
		return givesUp(heartbeat);
	}

	@Test
	void shouldGiveUpANodeWhoseHeartbeatStoodStillForALease() {
		assertThat(givesUp(THEN)).isFalse();
		for (int look = 1; look <= 3; look++) {
			assertThat(givesUpAfter(INTERVAL, THEN)).as("after %d intervals", look).isFalse();
		}
		assertThat(givesUpAfter(INTERVAL, THEN)).isTrue();
	}

	@Test
	void shouldGiveUpNobodyWhoseHeartbeatChangesWhateverItsTimes() {
		List<Duration> steps = List.of(Duration.ofHours(1), Duration.ofHours(-2), Duration.ofSeconds(-30),
				Duration.ofNanos(1000), Duration.ofDays(-400), Duration.ofDays(400));
		Instant heartbeat = THEN;
		for (Duration step : steps) {
			heartbeat = heartbeat.plus(step);
			assertThat(givesUpAfter(INTERVAL, heartbeat)).as("after a step of %s", step).isFalse();
		}
	}

	@Test
	void shouldBeginAnewAfterADatabaseThatWasAway() {
		givesUp(THEN);
		givesUpAfter(INTERVAL, THEN);
		this.watch.interrupt();
		for (int look = 0; look <= 3; look++) {
			assertThat(givesUpAfter(INTERVAL, THEN)).isFalse();
		}
		assertThat(givesUpAfter(INTERVAL, THEN)).isTrue();
	}

	@Test
	void shouldBeginAnewAfterAPauseOfItsOwn() {
		givesUp(THEN);
		givesUpAfter(INTERVAL, THEN);
		assertThat(givesUpAfter(LEASE, THEN)).isFalse();
		assertThat(givesUpAfter(INTERVAL, THEN)).isFalse();
	}

	@Test
	void shouldNotCountTheTimeThatTheDatabaseTookToAnswer() {
		givesUp(THEN);
		givesUpAfter(INTERVAL, THEN);
		givesUpAfter(INTERVAL, THEN);
		long asked = this.time.nanoTime();
		this.time.advance(INTERVAL.plusSeconds(1));
		assertThat(this.watch.look(List.of(node(this.other, THEN, LEASE)), asked)).isEmpty();
	}

	@Test
	void shouldWaitForALongerLeaseOfTheOther() {
		for (int look = 0; look <= 12; look++) {
			assertThat(this.watch.look(List.of(node(this.other, THEN, LEASE.multipliedBy(4))), this.time.nanoTime()))
				.isEmpty();
			this.time.advance(INTERVAL);
		}
		assertThat(this.watch.look(List.of(node(this.other, THEN, LEASE.multipliedBy(4))), this.time.nanoTime()))
			.hasSize(1);
	}

	@Test
	void shouldWaitForItsOwnLeaseIfThatIsLonger() {
		assertThat(this.watch.look(List.of(node(this.other, THEN, Duration.ofMillis(1))), this.time.nanoTime()))
			.isEmpty();
		this.time.advance(INTERVAL);
		assertThat(this.watch.look(List.of(node(this.other, THEN, Duration.ofMillis(1))), this.time.nanoTime()))
			.isEmpty();
	}

	@Test
	void shouldNotGiveUpItself() {
		for (int look = 0; look < 10; look++) {
			assertThat(this.watch.look(List.of(node(this.self, THEN, LEASE)), this.time.nanoTime())).isEmpty();
			this.time.advance(INTERVAL);
		}
	}

}
