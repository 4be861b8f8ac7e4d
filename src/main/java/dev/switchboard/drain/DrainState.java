package dev.switchboard.drain;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The state of this node's drain at one moment.
 *
 * @param phase the phase
 * @param ending whether the node's process is ending; then the drain cannot be taken back
 * @param until when the drain ends at the latest, by the directory's clock; null if there
 * is no drain
 */
public record DrainState(Phase phase, boolean ending, @Nullable Instant until) {

	/** The state of a node that takes agents. */
	static final DrainState NONE = new DrainState(Phase.NONE, false, null);

	/** The phases of a drain, in their order. */
	public enum Phase {

		/** There is no drain: the node takes agents. */
		NONE,
		/** Readiness is off and handshakes are refused. Agents stay for now. */
		ANNOUNCED,
		/** Agents are asked to connect to other nodes, and calls in flight end. */
		MOVING,
		/** The agents that did not move are disconnected once their calls end. */
		FINISHING,
		/** The drain has ended. */
		ENDED

	}

	/** Whether there is a drain. A drain that has ended counts until it is taken back. */
	public boolean isDraining() {
		return this.phase != Phase.NONE;
	}

}
