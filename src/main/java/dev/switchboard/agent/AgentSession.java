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

	// By the dispatcher of the SwitchboardAgent that connected last.
	private static final Map<AgentId, CallDispatcher> NEWEST = new ConcurrentHashMap<>();

	/** Another connection of this agent is about to be opened, here. */
	void opening() {
		if (this.agent != null) {
			NEWEST.put(this.agent, this.calls);
		}
	}

	/** No more connections will be. */
	void ended() {
		if (this.agent != null) {
			NEWEST.remove(this.agent, this.calls);
		}
	}

	/** Whether another {@link SwitchboardAgent} of this process took the agent over. */
	boolean isTakenOverHere() {
		CallDispatcher newest = (this.agent != null) ? NEWEST.get(this.agent) : null;
		return newest != null && newest != this.calls;
	}

}
