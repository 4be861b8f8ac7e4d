package dev.switchboard.diagnosis;

import java.time.Instant;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.AgentPresence;
import org.jspecify.annotations.Nullable;

/** What the directory, or the memory of this node, says about an agent. */
sealed interface Sighting {

	/** Returns the API's word for this sighting. */
	String presence();

	/** Returns the sighting for an agent that was found. */
	static Sighting of(AgentPresence presence) {
		NodeId node = presence.node();
		return (node != null) ? new Online(node, presence.flapping())
				: new Offline(presence.lastSeen(), presence.flapping());
	}

	/** Returns the sighting for an agent that was not found. */
	static Sighting of(ProblemException problem) {
		return (problem.problem() == Problem.AGENT_UNKNOWN) ? new NeverSeen() : new Unknown();
	}

	/**
	 * Whether connections of the agent are superseded again and again while they are
	 * alive.
	 */
	default boolean flapping() {
		return false;
	}

	/** Returns the node that holds the agent; null if none is known. */
	default @Nullable NodeId node() {
		return null;
	}

	/** A node holds the agent. */
	record Online(NodeId node, boolean flapping) implements Sighting {

		@Override
		public String presence() {
			return "online";
		}

	}

	/** No node holds the agent. */
	record Offline(Instant lastSeen, boolean flapping) implements Sighting {

		@Override
		public String presence() {
			return "offline";
		}

	}

	/** The directory does not have the agent. */
	record NeverSeen() implements Sighting {

		@Override
		public String presence() {
			return "never-seen";
		}

	}

	/** The directory does not answer. */
	record Unknown() implements Sighting {

		@Override
		public String presence() {
			return "unknown";
		}

	}

}
