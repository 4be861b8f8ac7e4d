package dev.switchboard.connection;

import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one event loop has to look at in time: a hashed timing wheel (Varghese and Lauck,
 * 1987, scheme 6). An entry links itself, so that it costs two references to be here; one
 * whose time is more than a turn of the wheel away is looked at too early, and again.
 * Used on its event loop only.
 */
final class TimerWheel implements Runnable {

	private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);

	static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final int SLOTS = 4096;

	private final EventExecutor loop;

	private final Entry[] slots = new Entry[SLOTS];

	private final long startNanos = System.nanoTime();

	/** Whatever was due by this tick has been looked at. */
	private long tick;

	private long alarmTick = Long.MAX_VALUE;

	private @Nullable ScheduledFuture<?> alarm;

	TimerWheel(EventExecutor loop) {
		this.loop = loop;
		for (int i = 0; i < SLOTS; i++) {
			this.slots[i] = new Slot();
		}
	}

	/** Looks at the entry once the delay is over, or shortly before or after. */
	void add(Entry entry, long delayNanos) {
		long due = ticks(System.nanoTime() + Math.max(0, delayNanos)) + 1;
		long reachable = Math.clamp(due, this.tick + 1, this.tick + SLOTS - 1);
		entry.linkBefore(slot(reachable));
		if (reachable < this.alarmTick) {
			ringAt(reachable);
		}
	}

	private long ticks(long nanoTime) {
		return (nanoTime - this.startNanos) / TICK_NANOS;
	}

	private void ringAt(long alarmTick) {
		if (this.alarm != null) {
			this.alarm.cancel(false);
		}
		long delay = this.startNanos + alarmTick * TICK_NANOS - System.nanoTime();
		this.alarmTick = alarmTick;
		this.alarm = this.loop.schedule(this, delay, TimeUnit.NANOSECONDS);
	}

	/** Looks at what is due, and sleeps until the next slot that has something. */
	@Override
	public void run() {
		this.alarm = null;
		this.alarmTick = Long.MIN_VALUE;
		long now = System.nanoTime();
		long last = ticks(now);
		for (long due = Math.max(this.tick + 1, last - SLOTS + 1); due <= last; due++) {
			this.tick = due;
			lookAll(slot(due), now);
		}
		this.alarmTick = Long.MAX_VALUE;
		for (long ahead = this.tick + 1; ahead < Math.min(this.alarmTick, this.tick + SLOTS); ahead++) {
			if (slot(ahead).isLinked()) {
				ringAt(ahead);
			}
		}
	}

	private Entry slot(long tick) {
		return this.slots[(int) (tick % SLOTS)];
	}

	private void lookAll(Entry slot, long now) {
		while (slot.isLinked()) {
			Entry due = slot.next;
			due.unlink();
			long again = look(due, now);
			if (again >= 0 && !due.isLinked()) {
				add(due, again);
			}
		}
	}

	// What one entry breaks is not to stop the clock of all others.
	private static long look(Entry due, long now) {
		try {
			return due.look(now);
		}
		catch (RuntimeException ex) {
			LOG.error("A timer failed", ex);
			return -1;
		}
	}

	/** Something that is looked at in time; a ring of its own while it is on no wheel. */
	abstract static class Entry {

		private Entry previous = this;

		private Entry next = this;

		/**
		 * Its time has come, or has not quite.
		 * @param now {@link System#nanoTime()}
		 * @return in how many nanoseconds to look again; negative for never
		 */
		abstract long look(long now);

		final void unlink() {
			this.previous.next = this.next;
			this.next.previous = this.previous;
			this.previous = this;
			this.next = this;
		}

		private void linkBefore(Entry other) {
			unlink();
			this.previous = other.previous;
			this.next = other;
			this.previous.next = this;
			other.previous = this;
		}

		@SuppressWarnings("ReferenceEquality")
		private boolean isLinked() {
			return this.next != this;
		}

	}

	/** Where the ring of a slot's entries begins. */
	private static final class Slot extends Entry {

		@Override
		long look(long now) {
			throw new IllegalStateException("a slot is never due");
		}

	}

}
