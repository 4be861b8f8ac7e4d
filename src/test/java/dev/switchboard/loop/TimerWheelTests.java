package dev.switchboard.loop;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class TimerWheelTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private volatile long sweptNanos;

	private final TimerWheel wheel = new TimerWheel(this.loop, TimeSource.SYSTEM, (nanos) -> this.sweptNanos = nanos);

	private final List<Alarm> rung = new CopyOnWriteArrayList<>();

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	private class Alarm extends Timer {

		final long dueNanos;

		long again = -1;

		volatile long lookedNanos;

		Alarm(long delayNanos) {
			this.dueNanos = System.nanoTime() + delayNanos;
		}

		@Override
		protected long look(long now) {
			this.lookedNanos = now;
			TimerWheelTests.this.rung.add(this);
			return this.again;
		}

	}

	@Test
	void shouldLookAtEachOnceAndNeverEarlyWithinATurn() {
		Random random = new Random(1);
		List<Alarm> alarms = random.longs(1000, 0, TimeUnit.MILLISECONDS.toNanos(500)).mapToObj(Alarm::new).toList();
		onLoop(() -> alarms.forEach((alarm) -> this.wheel.add(alarm, alarm.dueNanos - System.nanoTime())));
		await().atMost(PATIENCE).until(() -> this.rung.size() >= alarms.size());
		await().atMost(PATIENCE).until(() -> this.sweptNanos > 0);
		assertThat(this.rung).containsExactlyInAnyOrderElementsOf(alarms)
			.allSatisfy((alarm) -> assertThat(alarm.lookedNanos - alarm.dueNanos).isNotNegative());
	}

	@Test
	void shouldLookAgainWhenAsked() {
		Alarm alarm = new Alarm(0);
		alarm.again = 1;
		add(alarm, 0);
		await().atMost(PATIENCE).until(() -> this.rung.size() >= 5);
	}

	@Test
	void shouldNotLookAtWhatWasTakenOut() {
		Alarm taken = new Alarm(0);
		Alarm left = new Alarm(0);
		onLoop(() -> {
			this.wheel.add(taken, 0);
			this.wheel.add(left, 0);
			this.wheel.remove(taken);
		});
		await().atMost(PATIENCE).until(() -> !this.rung.isEmpty());
		assertThat(this.rung).containsExactly(left);
	}

	@Test
	void shouldLetALookTakeOutOthersOfItsSlot() {
		Alarm first = new Alarm(0);
		Alarm last = new Alarm(0);
		Timer remover = new Timer() {

			@Override
			protected long look(long now) {
				TimerWheelTests.this.wheel.remove(first);
				TimerWheelTests.this.wheel.remove(last);
				return -1;
			}

		};
		Alarm later = new Alarm(0);
		onLoop(() -> {
			List.of(first, remover, last).forEach((entry) -> this.wheel.add(entry, 0));
			this.wheel.add(later, 2 * TimerWheel.TICK_NANOS);
			this.wheel.remove(last);
		});
		await().atMost(PATIENCE).until(() -> this.rung.contains(later));
		assertThat(this.rung).isSubsetOf(first, later);
	}

	@Test
	void shouldLookAtTheSoonerOneFirstWhenItCameLater() {
		Alarm later = new Alarm(0);
		Alarm sooner = new Alarm(0);
		add(later, TimeUnit.MILLISECONDS.toNanos(300));
		add(sooner, 0);
		await().atMost(PATIENCE).until(() -> this.rung.size() == 2);
		assertThat(this.rung).containsExactly(sooner, later);
	}

	@Test
	void shouldGoOnAfterAnEntryFailed() {
		Timer broken = new Timer() {

			@Override
			protected long look(long now) {
				throw new IllegalStateException("expected by the test");
			}

		};
		Alarm next = new Alarm(0);
		add(broken, 0);
		add(next, 0);
		await().atMost(PATIENCE).until(() -> !this.rung.isEmpty());
	}

	@Test
	void shouldCatchUpAfterTheLoopWasBusy() {
		CompletableFuture<Void> busy = new CompletableFuture<>();
		List<Alarm> alarms = List.of(new Alarm(0), new Alarm(0), new Alarm(0));
		onLoop(() -> {
			for (int i = 0; i < alarms.size(); i++) {
				this.wheel.add(alarms.get(i), i * TimerWheel.TICK_NANOS);
			}
		});
		this.loop.execute(busy::join);
		long end = System.nanoTime() + 10 * TimerWheel.TICK_NANOS;
		await().atMost(PATIENCE).until(() -> System.nanoTime() > end);
		busy.complete(null);
		await().atMost(PATIENCE).until(() -> this.rung.size() == alarms.size());
	}

	private void add(Timer entry, long delayNanos) {
		onLoop(() -> this.wheel.add(entry, delayNanos));
	}

	private void onLoop(Runnable task) {
		this.loop.submit(task).syncUninterruptibly();
	}

}
