package dev.switchboard.label;

import java.util.function.BooleanSupplier;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;

/**
 * A description that is to be stored.
 *
 * @param agent the agent
 * @param connection the agent's connection; the description is stored only while the
 * directory has this connection as the agent's latest
 * @param description the description
 * @param wanted whether the connection still lasts
 */
public record DescriptionWrite(AgentId agent, ConnectionId connection, AgentDescription description,
		BooleanSupplier wanted) {

	boolean isWanted() {
		return this.wanted.getAsBoolean();
	}

}
