package dev.switchboard.fanout;

import dev.switchboard.quota.Occupancy;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.TenantLimits;

/**
 * What one fleet call uses of the quotas of its tenant. Each of its calls and pushes is a
 * call there. Belongs to the fleet call's event loop.
 */
final class FleetQuota {

	private final TenantLimits limits;

	private final String tenant;

	private final int bytes;

	private Occupancy places;

	private int used;

	/**
	 * @param bytes the bytes of the message to one agent
	 */
	FleetQuota(TenantLimits limits, String tenant, int bytes) {
		this.bytes = bytes;
		this.limits = limits;
		this.tenant = tenant;
		this.places = limits.places(Quota.CALLS_IN_FLIGHT, tenant);
	}

	/** Takes what one call uses. Returns false if the quotas are used up. */
	boolean tryUse() {
		if (this.used == 0) {
			this.places = this.limits.places(Quota.CALLS_IN_FLIGHT, this.tenant);
		}
		if (!this.places.tryEnter()) {
			return false;
		}
		if (!this.limits.tryTake(Quota.CALLS_PER_SECOND, this.tenant, 1)) {
			this.places.leave();
			return false;
		}
		if (!this.limits.tryTake(Quota.BYTES_PER_SECOND, this.tenant, this.bytes)) {
			this.limits.charge(Quota.CALLS_PER_SECOND, this.tenant, -1);
			this.places.leave();
			return false;
		}
		this.used++;
		return true;
	}

	/** Gives back what a call has taken that does not begin. */
	void giveBack() {
		this.limits.charge(Quota.CALLS_PER_SECOND, this.tenant, -1);
		this.limits.charge(Quota.BYTES_PER_SECOND, this.tenant, -this.bytes);
		ended();
	}

	/** Takes the bytes of an answer. */
	void answered(FleetResult result) {
		if (result instanceof FleetResult.Answered answered) {
			this.limits.charge(Quota.BYTES_PER_SECOND, this.tenant, answered.answer().bytes());
		}
	}

	/** Gives the place of a call back that has ended. */
	void ended() {
		this.used--;
		this.places.leave();
	}

}
