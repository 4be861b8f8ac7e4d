package dev.switchboard.loop;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one event loop has to look at in time: a hashed timing wheel (Varghese and Lauck,
 * 1987, scheme 6). Its slots are arrays, which are read faster than lists, whose every
 * next entry is another wait for memory; an entry costs its slot of the array and a
 * number of its own. One whose time is more than a turn of the wheel away is looked at
 * too early, and again. Used on its event loop only.
 */
public final class TimerWheel implements Runnable {

	private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);

	static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final int SLOT_BITS = 12;

	private static final int SLOTS = 1 << SLOT_BITS;

	private static final int MAX_IN_SLOT = 1 << (31 - SLOT_BITS);

	private static final int FIRST_CAPACITY = 8;

	private static final int AHEAD = 16;

	private static final @Nullable Entry[] NONE = {};

	private final EventExecutor loop;

	private final LongConsumer swept;

	private final @Nullable Entry[][] slots = new Entry[SLOTS][];

	private final int[] counts = new int[SLOTS];

	private final long startNanos = System.nanoTime();

	/** Nobody needs it, but without it the compiler would not load. */
	@SuppressWarnings("unused")
	private long read;

	/** Whatever was due by this tick has been looked at. */
	private long tick;

	private long alarmTick = Long.MAX_VALUE;

	private @Nullable ScheduledFuture<?> alarm;

	/**
	 * Begins an empty wheel.
	 * @param swept told after each look at what was due how long it took, in nanoseconds
	 */
	public TimerWheel(EventExecutor loop, LongConsumer swept) {
		this.loop = loop;
		this.swept = swept;
		Arrays.fill(this.slots, NONE);
	}

	/** Looks at the entry once the delay is over, or shortly before or after. */
	public void add(Entry entry, long delayNanos) {
		add(entry, delayNanos, System.nanoTime());
	}

	private void add(Entry entry, long delayNanos, long now) {
		remove(entry);
		long due = ticks(now + Math.max(0, delayNanos)) + 1;
		long reachable = Math.clamp(due, this.tick + 1, this.tick + SLOTS - 1);
		while (this.counts[slot(reachable)] == MAX_IN_SLOT) {
			reachable++;
		}
		append(entry, slot(reachable));
		if (reachable < this.alarmTick) {
			ringAt(reachable);
		}
	}

	private static int slot(long tick) {
		return (int) (tick % SLOTS);
	}

	private void append(Entry entry, int slot) {
		int count = this.counts[slot]++;
		if (count == this.slots[slot].length) {
			this.slots[slot] = Arrays.copyOf(this.slots[slot], Math.max(FIRST_CAPACITY, 2 * count));
		}
		this.slots[slot][count] = entry;
		entry.place = count << SLOT_BITS | slot;
	}

	/** Does not look at the entry any more; its last neighbour moves to its place. */
	public void remove(Entry entry) {
		int place = entry.place;
		if (place != Entry.NOWHERE) {
			int slot = place & (SLOTS - 1);
			int last = --this.counts[slot];
			Entry moved = at(slot, last);
			moved.place = place;
			this.slots[slot][place >>> SLOT_BITS] = moved;
			this.slots[slot][last] = null;
			entry.place = Entry.NOWHERE;
		}
	}

	private Entry at(int slot, int index) {
		return Objects.requireNonNull(this.slots[slot][index]);
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
			if (this.counts[slot(ahead)] > 0) {
				ringAt(ahead);
			}
		}
		this.swept.accept(System.nanoTime() - now);
	}

	/**
	 * From the end, since a look may take out any other entry. The time is one for all,
	 * since to read it anew would wait for all loads before.
	 */
	private void lookAll(int slot, long now) {
		while (this.counts[slot] > 0) {
			if (this.counts[slot] % AHEAD == 0) {
				load(slot);
			}
			Entry due = at(slot, this.counts[slot] - 1);
			remove(due);
			long again = look(due, now);
			if (again >= 0 && due.place == Entry.NOWHERE) {
				add(due, again, now);
			}
		}
		this.slots[slot] = NONE;
	}

	/**
	 * Brings the next entries into the processor's cache. These loads do not wait for
	 * each other, as those of one look after the other would, each for memory.
	 */
	private void load(int slot) {
		int count = this.counts[slot];
		long read = 0;
		for (int i = count - AHEAD; i < count; i++) {
			read += at(slot, i).peek();
		}
		this.read = read;
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

	/** Something that is looked at in time, on one wheel. */
	public abstract static class Entry {

		private static final int NOWHERE = -1;

		/** Where it is: its slot in the low bits, its index there above. */
		private int place = NOWHERE;

		/**
		 * Its time has come, or has not quite.
		 * @param now {@link System#nanoTime()}
		 * @return in how many nanoseconds to look again; negative for never
		 */
		protected abstract long look(long now);

		/** Reads what a look will read, for no other effect. */
		protected long peek() {
			return this.place;
		}

	}

}
