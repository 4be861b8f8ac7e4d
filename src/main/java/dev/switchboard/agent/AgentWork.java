package dev.switchboard.agent;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;

import org.jspecify.annotations.Nullable;

/**
 * The agent that a connection serves: its calls, its pushes, its events and its identity.
 *
 * @param hello the agent's description of itself
 * @param agent the agent's identity, or null if the token does not name the agent
 */
record AgentWork(CallDispatcher calls, PushDispatcher pushes, EventOutbox events, Frame.Hello hello,
		@Nullable AgentId agent) {

	// For each agent, the dispatcher of the SwitchboardAgent that last began to connect.
	private static final Map<AgentId, CallDispatcher> NEWEST = new ConcurrentHashMap<>();

	/** Records that this process is about to open a connection of this agent. */
	void opening() {
		if (this.agent != null) {
			NEWEST.put(this.agent, this.calls);
		}
	}

	/** Records that this {@link SwitchboardAgent} opens no more connections. */
	void ended() {
		if (this.agent != null) {
			NEWEST.remove(this.agent, this.calls);
		}
	}

	/**
	 * Whether a different {@link SwitchboardAgent} of this process has opened a newer
	 * connection of the agent.
	 */
	boolean isTakenOverHere() {
		CallDispatcher newest = (this.agent != null) ? NEWEST.get(this.agent) : null;
		return newest != null && newest != this.calls;
	}

}
