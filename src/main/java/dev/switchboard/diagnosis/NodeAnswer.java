package dev.switchboard.diagnosis;

import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What a node has answered when it was asked about an agent.
 *
 * @param findings what the node knows; null if it has not answered
 */
record NodeAnswer(NodeId node, @Nullable Findings findings) {

	/** Returns the connection that the node holds; null if it holds none. */
	@Nullable HeldConnection connection() {
		return (this.findings != null) ? this.findings.connection() : null;
	}

	AgentHistory history() {
		return (this.findings != null) ? this.findings.history() : AgentHistory.NONE;
	}

}
