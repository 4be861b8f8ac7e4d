package dev.switchboard.fanout;

import java.util.List;

import dev.switchboard.label.Selector;
import dev.switchboard.protocol.AgentId;

/** The agents of a fleet call. Immutable. */
public sealed interface FleetTargets {

	/** The agents, known or not, without one that is there twice. */
	record Named(List<AgentId> agents) implements FleetTargets {

		public Named {
			agents = List.copyOf(agents);
		}

	}

	/**
	 * The agents of a tenant that a selector selects at the begin: for a durable push all
	 * of them, otherwise those that are online.
	 */
	record Selected(String tenant, Selector selector) implements FleetTargets {
	}

}
