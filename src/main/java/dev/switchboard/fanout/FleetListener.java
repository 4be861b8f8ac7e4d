package dev.switchboard.fanout;

import java.util.UUID;

import dev.switchboard.protocol.AgentId;

/**
 * Takes what a fleet call has to report. One thread at a time calls the methods, which
 * must not block.
 */
public interface FleetListener {

	/** Called first. */
	void begun(UUID id, int agents);

	/** Called once for each agent, as it ends. */
	void ended(AgentId agent, FleetResult result);

	/** Called last, after every agent has ended. */
	void finished(FleetSummary summary);

	/**
	 * Whether there is room for further results. While there is none, no call or push is
	 * begun, but those in flight may still end. When there is room again, the listener
	 * calls {@link FleetRun#resume}.
	 */
	boolean hasRoom();

}
