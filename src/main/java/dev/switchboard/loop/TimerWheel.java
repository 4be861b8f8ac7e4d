package dev.switchboard.loop;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import dev.switchboard.time.Attendance;
import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers of one event loop: a hashed timing wheel (Varghese and Lauck, 1987, scheme
 * 6). The slots are arrays, not linked lists: in a linked list, the processor would wait
 * for memory at each entry. An entry costs its place in an array and an {@code int}. An
 * entry whose delay is longer than a turn of the wheel (41 s) is looked at early and then
 * added again. Used on its event loop only.
 */
public final class TimerWheel implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(TimerWheel.class);

	static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final int SLOT_BITS = 12;

	private static final int SLOTS = 1 << SLOT_BITS;

	private static final int MAX_IN_SLOT = 1 << (31 - SLOT_BITS);

	private static final int FIRST_CAPACITY = 8;

	private static final int PREFETCHED = 16;

	private static final @Nullable Timer[] NONE = {};

	private final EventExecutor loop;

	private final TimeSource time;

	private final LongConsumer swept;

	private final @Nullable Timer[][] slots = new Timer[SLOTS][];

	private final int[] counts = new int[SLOTS];

	private final long startNanos;

	private final Attendance attendance;

	/**
	 * The result of the last prefetch. Nothing reads this field, but the JIT would remove
	 * a prefetch whose result is not kept.
	 */
	@SuppressWarnings("unused")
	private long prefetched;

	/** All slots up to this tick have been swept. */
	private long tick;

	/** Whether a sweep is running. A sweep sets the next alarm when it ends. */
	private boolean sweeping;

	/** Starts the next sweep, at {@link #alarmTick}; null if none is scheduled. */
	private @Nullable LoopTimeout alarm;

	private long alarmTick;

	/**
	 * Creates an empty wheel.
	 * @param swept takes the duration of each sweep, in nanoseconds
	 */
	public TimerWheel(EventExecutor loop, TimeSource time, LongConsumer swept) {
		this.loop = loop;
		this.time = time;
		this.swept = swept;
		this.startNanos = time.nanoTime();
		this.attendance = new Attendance(Attendance.USUAL, this.startNanos);
		Arrays.fill(this.slots, NONE);
	}

	/**
	 * Adds an entry, or moves it if it is on the wheel. The entry is looked at when the
	 * delay is over, at most two ticks later. If the delay is longer than a turn of the
	 * wheel, the entry is also looked at earlier, once in each turn.
	 */
	public void add(Timer entry, long delayNanos) {
		add(entry, delayNanos, this.time.nanoTime());
	}

	private void add(Timer entry, long delayNanos, long now) {
		remove(entry);
		long due = ticks(now + Math.max(0, delayNanos)) + 1;
		long reachable = Math.clamp(due, this.tick + 1, this.tick + SLOTS - 1);
		while (this.counts[slot(reachable)] == MAX_IN_SLOT) {
			reachable++;
		}
		append(entry, slot(reachable));
		if (!this.sweeping && (this.alarm == null || reachable < this.alarmTick)) {
			setAlarm(reachable);
		}
	}

	private static int slot(long tick) {
		return (int) (tick % SLOTS);
	}

	private void append(Timer entry, int slot) {
		int count = this.counts[slot]++;
		if (count == this.slots[slot].length) {
			this.slots[slot] = Arrays.copyOf(this.slots[slot], Math.max(FIRST_CAPACITY, 2 * count));
		}
		this.slots[slot][count] = entry;
		entry.place = count << SLOT_BITS | slot;
	}

	/** Takes an entry off the wheel, if it is there. */
	public void remove(Timer entry) {
		int place = entry.place;
		if (place != Timer.NOWHERE) {
			int slot = place & (SLOTS - 1);
			int last = --this.counts[slot];
			Timer moved = entryAt(slot, last);
			moved.place = place;
			this.slots[slot][place >>> SLOT_BITS] = moved;
			this.slots[slot][last] = null;
			entry.place = Timer.NOWHERE;
		}
	}

	private Timer entryAt(int slot, int index) {
		return Objects.requireNonNull(this.slots[slot][index]);
	}

	private long ticks(long nanoTime) {
		return (nanoTime - this.startNanos) / TICK_NANOS;
	}

	private void setAlarm(long tick) {
		if (this.alarm != null) {
			this.alarm.cancel();
		}
		long delay = this.startNanos + tick * TICK_NANOS - this.time.nanoTime();
		this.alarmTick = tick;
		this.alarm = new LoopTimeout(this.loop, Math.max(0, delay), this, this.attendance, this.time);
	}

	/** Sweeps the slots that are due, and sets the next alarm. Called by the alarm. */
	@Override
	public void run() {
		long now = this.time.nanoTime();
		this.alarm = null;
		this.sweeping = true;
		try {
			sweepUntil(now);
		}
		finally {
			this.sweeping = false;
			setAlarmForNextEntry();
		}
		this.swept.accept(this.time.nanoTime() - now);
	}

	/**
	 * Returns for how long the event loop has run without a break, in nanoseconds. The
	 * process cannot know whether a peer was quiet for longer than that.
	 */
	public long unbrokenNanos(long now) {
		return this.attendance.unbrokenNanos(now);
	}

	private void sweepUntil(long now) {
		long last = ticks(now);
		for (long due = Math.max(this.tick + 1, last - SLOTS + 1); due <= last; due++) {
			this.tick = due;
			sweep(slot(due), now);
		}
	}

	private void setAlarmForNextEntry() {
		for (long ahead = this.tick + 1; ahead < this.tick + SLOTS; ahead++) {
			if (this.counts[slot(ahead)] > 0) {
				setAlarm(ahead);
				return;
			}
		}
	}

	/**
	 * Looks at all entries of a slot, from the last to the first, since a look may remove
	 * any entry of the slot. All looks of a sweep get the same time, because each reading
	 * of the clock would wait for all earlier loads from memory.
	 */
	private void sweep(int slot, long now) {
		while (this.counts[slot] > 0) {
			if (this.counts[slot] % PREFETCHED == 0) {
				prefetch(slot);
			}
			Timer due = entryAt(slot, this.counts[slot] - 1);
			remove(due);
			long again = look(due, now);
			if (again >= 0 && due.place == Timer.NOWHERE) {
				add(due, again, now);
			}
		}
		this.slots[slot] = NONE;
	}

	/**
	 * Brings the next entries into the processor's cache. These loads do not depend on
	 * each other, so the processor does them at the same time. Without them, each look
	 * would wait for memory, one after the other.
	 */
	private void prefetch(int slot) {
		int count = this.counts[slot];
		long read = 0;
		for (int i = count - PREFETCHED; i < count; i++) {
			read += entryAt(slot, i).prefetch();
		}
		this.prefetched = read;
	}

	/** Looks at an entry. Catches its exception, so that the sweep goes on. */
	private static long look(Timer due, long now) {
		try {
			return due.look(now);
		}
		catch (RuntimeException ex) {
			logger.error("A timer failed", ex);
			return -1;
		}
	}

}
