package dev.switchboard.connection;

import dev.switchboard.protocol.Frame;

/** Takes upstream frames. Counts those that no feature serves yet. */
final class UpstreamFrames implements UpstreamReceiver {

	private final ConnectionDescriptions descriptions;

	private final ConnectionMetrics metrics;

	UpstreamFrames(ConnectionDescriptions descriptions, ConnectionMetrics metrics) {
		this.descriptions = descriptions;
		this.metrics = metrics;
	}

	@Override
	public void receive(AgentConnection connection, Frame.Upstream frame) {
		switch (frame) {
			case Frame.Hello hello -> this.descriptions.received(connection, hello);
			case Frame.Ack _, Frame.Event _, Frame.AuthRefresh _ -> this.metrics.ignoredFrame();
		}
	}

}
