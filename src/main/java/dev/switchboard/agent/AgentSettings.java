package dev.switchboard.agent;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import dev.switchboard.protocol.Frame;

import org.jspecify.annotations.Nullable;

/**
 * The settings of an agent, as its builder has collected them.
 *
 * @param identities gives the identity for each handshake; may block
 * @param executor runs the handlers
 * @param client the client to connect with; null if the agent is to make one
 * @param closeGrace how long a close waits for running calls
 */
record AgentSettings(List<URI> urls, Supplier<HandshakeIdentity> identities, Frame.Hello hello,
		Map<String, CallHandler> handlers, Map<String, PushHandler> pushHandlers, Executor executor,
		@Nullable HttpClient client, Duration reconnectMin, Duration reconnectMax, Duration closeGrace,
		AgentListener listener) {
}
