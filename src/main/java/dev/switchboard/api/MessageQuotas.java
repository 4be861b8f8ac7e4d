package dev.switchboard.api;

import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.TenantLimits;

/**
 * What the calls and pushes of requests use of the quotas of their tenant. Thread-safe.
 */
final class MessageQuotas {

	private final TenantLimits limits;

	private final long maxFrameBytes;

	/**
	 * @param maxFrameBytes the frame limit: of a body that is longer, no more is read
	 */
	MessageQuotas(TenantLimits limits, long maxFrameBytes) {
		this.limits = limits;
		this.maxFrameBytes = maxFrameBytes;
	}

	/**
	 * Takes what a request uses, before its body is read.
	 * @param announced the announced length of the body; negative if none is
	 * @throws ProblemException if a quota is used up
	 */
	void take(AgentId agent, long announced) {
		this.limits.take(Quota.CALLS_PER_SECOND, agent.tenant(), 1);
		this.limits.take(Quota.BYTES_PER_SECOND, agent.tenant(), Math.clamp(announced, 0, this.maxFrameBytes));
	}

	/** Takes the bytes of a body that had no announced length. */
	void received(AgentId agent, MessageBody body) {
		this.limits.charge(Quota.BYTES_PER_SECOND, agent.tenant(), body.whole().length());
	}

	/**
	 * Checks whether a further call may be in flight.
	 * @throws ProblemException if none may
	 */
	void requireRoom(AgentId agent) {
		this.limits.requireRoom(Quota.CALLS_IN_FLIGHT, agent.tenant());
	}

}
