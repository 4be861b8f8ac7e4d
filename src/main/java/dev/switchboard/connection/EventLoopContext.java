package dev.switchboard.connection;

import java.util.function.Consumer;

import dev.switchboard.loop.TimerWheel;

/**
 * What the connections of one event loop share, so that each of them holds one reference.
 *
 * @param wheel looks after their liveness and their calls' deadlines
 * @param limits what each is held to
 * @param metrics where they count
 * @param ended told on the event loop of each whose session has begun to close, once
 */
public record EventLoopContext(TimerWheel wheel, ConnectionLimits limits, ConnectionMetrics metrics,
		Consumer<AgentConnection> ended) {
}
