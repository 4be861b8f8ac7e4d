package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three nodes whose heartbeats are out of phase, and a database that goes away again and
 * again, in simulated time.
 */
class OutagesTests {

	private static final long LEASE = Duration.ofSeconds(15).toMillis();

	private static final int OUTAGES = 50;

	private final ManualTime time = new ManualTime();

	private final SplittableRandom random = new SplittableRandom(42);

	private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::atMillis));

	private final List<Member> members = new ArrayList<>();

	private final List<NodeId> givenUp = new ArrayList<>();

	private long nowMillis;

	private long awayUntilMillis;

	private Away away = Away.FROZEN;

	/** How a database that is away answers. */
	enum Away {

		/** Statements wait until the database is back. */
		FROZEN,
		/** Statements fail at once. */
		REFUSING

	}

	private record Event(long atMillis, Runnable action) {
	}

	/** A node with its heartbeats and its watch. */
	private final class Member {

		private final NodeId id = TestIds.node();

		private final NodeWatch watch = new NodeWatch(this.id, Duration.ofMillis(LEASE), OutagesTests.this.time);

		private Instant heartbeat = Instant.EPOCH;

		private boolean stopped;

		private int failures;

		void beat() {
			if (!this.stopped) {
				onDatabase(this::renewed, this::failed);
			}
		}

		private void renewed() {
			this.heartbeat = this.heartbeat.plusNanos(1000);
			this.failures = 0;
			long asked = OutagesTests.this.time.nanoTime();
			after(OutagesTests.this.random.nextLong(20), () -> onDatabase(() -> look(asked), this::failed));
		}

		private void look(long asked) {
			this.watch.look(OutagesTests.this.members.stream().map(Member::row).toList(), asked)
				.forEach((gone) -> OutagesTests.this.givenUp.add(gone.id()));
			after(LEASE / 3, this::beat);
		}

		private void failed() {
			this.watch.interrupt();
			after(Math.min(LEASE / 3, 100L << this.failures++), this::beat);
		}

		private NodeRecord row() {
			return new NodeRecord(this.id, "127.0.0.1", 8070, null, NodeState.UP, 0, 100, this.heartbeat,
					Duration.ofMillis(LEASE));
		}

	}

	private void after(long millis, Runnable action) {
		this.events.add(new Event(this.nowMillis + millis, action));
	}

	private void onDatabase(Runnable done, Runnable failed) {
		if (this.nowMillis >= this.awayUntilMillis) {
			done.run();
		}
		else if (this.away == Away.FROZEN) {
			after(this.awayUntilMillis - this.nowMillis, done);
		}
		else {
			failed.run();
		}
	}

	private void goAway(long millis) {
		this.awayUntilMillis = this.nowMillis + millis;
	}

	private void run(long millis) {
		long end = this.nowMillis + millis;
		while (this.events.element().atMillis() <= end) {
			Event next = this.events.remove();
			this.time.advance(Duration.ofMillis(next.atMillis() - this.nowMillis));
			this.nowMillis = next.atMillis();
			next.action().run();
		}
	}

	private void start() {
		IntStream.range(0, 3).forEach((_) -> this.members.add(new Member()));
		this.members.forEach((member) -> after(this.random.nextLong(LEASE / 3), member::beat));
		run(3 * LEASE);
	}

	@ParameterizedTest
	@EnumSource
	void shouldGiveUpNobodyThatLives(Away how) {
		this.away = how;
		start();
		for (int outage = 0; outage < OUTAGES; outage++) {
			goAway(LEASE * this.random.nextLong(60, 101) / 100);
			run(LEASE + this.random.nextLong(2 * LEASE));
		}
		assertThat(this.givenUp).isEmpty();
	}

	@Test
	void shouldGiveUpANodeThatIsGoneWithinTwoLeases() {
		start();
		Member gone = this.members.getFirst();
		gone.stopped = true;
		run(2 * LEASE);
		assertThat(this.givenUp).isNotEmpty().containsOnly(gone.id);
	}

}
