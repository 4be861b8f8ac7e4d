package dev.switchboard.connection;

import dev.switchboard.protocol.Frame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes upstream frames that no feature serves yet, and logs or counts them. */
final class UnservedFrames implements UpstreamReceiver {

	private static final Logger logger = LoggerFactory.getLogger(UnservedFrames.class);

	private final ConnectionMetrics metrics;

	UnservedFrames(ConnectionMetrics metrics) {
		this.metrics = metrics;
	}

	@Override
	public void receive(AgentConnection connection, Frame.Upstream frame) {
		switch (frame) {
			case Frame.Hello hello -> logger.debug("{} gave {} labels", connection.agent(), hello.labels().size());
			case Frame.Ack _, Frame.Event _, Frame.AuthRefresh _ -> this.metrics.ignoredFrame();
		}
	}

}
