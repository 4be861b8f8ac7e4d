package dev.switchboard.connection;

import dev.switchboard.protocol.Frame;

/** Gives upstream frames to the features that they are for. */
final class UpstreamFrames implements UpstreamReceiver {

	private final ConnectionDescriptions descriptions;

	private final EventReceiver events;

	private final AckReceiver acks;

	private final CredentialsReceiver credentials;

	UpstreamFrames(ConnectionDescriptions descriptions, EventReceiver events, AckReceiver acks,
			CredentialsReceiver credentials) {
		this.descriptions = descriptions;
		this.events = events;
		this.acks = acks;
		this.credentials = credentials;
	}

	@Override
	public void receive(AgentConnection connection, Frame.Upstream frame) {
		switch (frame) {
			case Frame.Hello hello -> this.descriptions.received(connection, hello);
			case Frame.Event event -> this.events.receive(connection, event);
			case Frame.Ack ack -> this.acks.receive(connection, ack);
			case Frame.AuthRefresh refresh -> this.credentials.receive(connection, refresh);
		}
	}

}
