package dev.switchboard.quota;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The places that a tenant holds on this node, such as its calls in flight, and how many
 * it may hold. Thread-safe.
 */
public final class Occupancy implements Meter {

	private final AtomicLong held = new AtomicLong();

	/** The places that are kept for those who are about to enter. */
	private final AtomicLong reserved = new AtomicLong();

	private final LongAdder refused = new LongAdder();

	private long reservedBefore;

	private volatile long peak;

	private volatile long share;

	private volatile double asked;

	/**
	 * Takes a place if one is free.
	 * @return whether a place was taken, which is to be given back by {@link #leave}
	 */
	public boolean tryEnter() {
		long now = this.held.incrementAndGet();
		if (now > this.share) {
			this.held.decrementAndGet();
			this.refused.increment();
			return false;
		}
		this.peak = Math.max(this.peak, now);
		return true;
	}

	/** Takes a place, free or not: one that was reserved, if there is one. */
	public void enter() {
		this.peak = Math.max(this.peak, this.held.incrementAndGet());
		this.reserved.updateAndGet((before) -> Math.max(0, before - 1));
	}

	/** Gives a place back. */
	public void leave() {
		this.held.updateAndGet((before) -> Math.max(0, before - 1));
	}

	/** Whether a place is free. If none is, that counts as a refusal. */
	public boolean hasRoom() {
		if (this.held.get() + this.reserved.get() < this.share) {
			return true;
		}
		this.refused.increment();
		return false;
	}

	/**
	 * Reserves a place if one is free. If nobody enters, the place is free again after
	 * one or two periods.
	 * @return whether a place was reserved
	 */
	public boolean reserve() {
		if (this.held.get() + this.reserved.incrementAndGet() <= this.share) {
			return true;
		}
		this.reserved.updateAndGet((before) -> Math.max(0, before - 1));
		this.refused.increment();
		return false;
	}

	/** Returns how many places are held. */
	long held() {
		return this.held.get();
	}

	@Override
	public Use use() {
		return new Use(this.asked, this.held.get());
	}

	@Override
	public boolean endPeriod(double seconds, double quota) {
		long refusals = this.refused.sumThenReset();
		long now = this.held.get();
		double latest = (double) (Math.max(this.peak, now) + refusals);
		this.asked = Math.floor(Meter.mean(this.asked, latest, Math.max(quota, (double) now)));
		this.peak = now;
		long expired = this.reservedBefore;
		this.reservedBefore = this.reserved.updateAndGet((before) -> Math.max(0, before - expired));
		return this.asked > 0 || refusals > 0 || this.reservedBefore > 0;
	}

	@Override
	public void setShare(double share) {
		this.share = (long) share;
	}

}
