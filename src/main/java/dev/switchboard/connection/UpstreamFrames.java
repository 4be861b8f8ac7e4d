package dev.switchboard.connection;

import dev.switchboard.protocol.Frame;

/** Takes upstream frames. Counts those that no feature serves yet. */
final class UpstreamFrames implements UpstreamReceiver {

	private final ConnectionDescriptions descriptions;

	private final EventReceiver events;

	private final AckReceiver acks;

	private final ConnectionMetrics metrics;

	UpstreamFrames(ConnectionDescriptions descriptions, EventReceiver events, AckReceiver acks,
			ConnectionMetrics metrics) {
		this.descriptions = descriptions;
		this.events = events;
		this.acks = acks;
		this.metrics = metrics;
	}

	@Override
	public void receive(AgentConnection connection, Frame.Upstream frame) {
		switch (frame) {
			case Frame.Hello hello -> this.descriptions.received(connection, hello);
			case Frame.Event event -> this.events.receive(connection, event);
			case Frame.Ack ack -> this.acks.receive(connection, ack);
			case Frame.AuthRefresh _ -> this.metrics.ignoredFrame();
		}
	}

}
