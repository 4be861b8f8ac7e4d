package dev.switchboard.connection;

import dev.switchboard.label.AgentDescription;
import dev.switchboard.label.DescriptionWrite;
import dev.switchboard.label.Descriptions;
import dev.switchboard.protocol.Frame;

/**
 * Keeps the directory's descriptions in step with those that the agents of this node have
 * sent. Thread-safe.
 */
final class ConnectionDescriptions {

	private final Descriptions descriptions;

	ConnectionDescriptions(Descriptions descriptions) {
		this.descriptions = descriptions;
	}

	/** Takes an agent's description of itself, in place of an earlier one. */
	void received(AgentConnection connection, Frame.Hello hello) {
		connection.describe(AgentDescription.of(hello));
		store(connection);
	}

	/**
	 * Called when the claim of a connection is stored. The directory may have lost the
	 * agent's description together with an earlier claim.
	 */
	void claimed(AgentConnection connection) {
		store(connection);
	}

	private void store(AgentConnection connection) {
		AgentDescription description = connection.description();
		if (description != null) {
			this.descriptions.store(new DescriptionWrite(connection.agent(), connection.id(), description,
					() -> !connection.isClosing() && description.equals(connection.description())));
		}
	}

}
