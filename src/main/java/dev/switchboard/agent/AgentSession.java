package dev.switchboard.agent;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;

import org.jspecify.annotations.Nullable;

/**
 * What a connection acts for.
 *
 * @param hello what the agent says about itself
 * @param agent the agent's identity, or null if its token does not tell it
 */
record AgentSession(CallDispatcher calls, PushDispatcher pushes, Frame.Hello hello, @Nullable AgentId agent) {

	// One entry for every agent that this process has ever been: as a rule, one.
	private static final Map<AgentId, Long> NEWEST_EPOCHS = new ConcurrentHashMap<>();

	/** A gateway has welcomed a connection of this agent. */
	void opened(long epoch) {
		if (this.agent != null) {
			NEWEST_EPOCHS.merge(this.agent, epoch, Math::max);
		}
	}

	/** Whether this process has opened a connection of this agent with a higher epoch. */
	boolean openedNewer(long epoch) {
		return this.agent != null && NEWEST_EPOCHS.getOrDefault(this.agent, 0L) > epoch;
	}

}
