package dev.switchboard.cluster;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.switchboard.agent.AgentListener;
import dev.switchboard.agent.IncomingCall;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * Agents of the agent library that answer {@code echo}. Their calls and answers go into
 * the history. Thread-safe.
 */
final class LibraryAgents implements AutoCloseable {

	private final List<SwitchboardAgent> agents = new ArrayList<>();

	private final History history;

	/** Starts the agents, and waits until all are connected. */
	LibraryAgents(History history, List<AgentId> ids, List<URI> urls) throws Exception {
		this.history = history;
		List<CompletableFuture<AgentListener.Connected>> connected = new ArrayList<>();
		for (AgentId id : ids) {
			SwitchboardAgent agent = agent(id, urls);
			this.agents.add(agent);
			connected.add(agent.start());
		}
		CompletableFuture.allOf(connected.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
	}

	private SwitchboardAgent agent(AgentId id, List<URI> urls) {
		AtomicReference<AgentListener.@Nullable Connected> newest = new AtomicReference<>();
		var builder = SwitchboardAgent.builder()
			.identity(id.tenant(), id.agent())
			.reconnect(Duration.ofMillis(100), Duration.ofSeconds(5))
			.closeGrace(Duration.ofMillis(100))
			.listener(new AgentListener() {
				@Override
				public void connected(Connected event) {
					newest.set(event);
				}
			})
			.handler("echo", (call) -> echo(id, call, newest.get()));
		urls.forEach(builder::url);
		return builder.build();
	}

	private Payload echo(AgentId id, IncomingCall call, AgentListener.@Nullable Connected connection) {
		String nonce = Envelope.parse(call.payload().toBytes()).string("nonce");
		if (connection != null) {
			this.history.add(new Entry.Received(id, connection.connection(), call.id(), nonce));
		}
		String result = UUID.randomUUID().toString();
		this.history.add(new Entry.Answered(id, call.id(), nonce, result));
		return Payload
			.of(new JsonWriter().string("agent", id.toString()).string("nonce", nonce).string("result", result).end());
	}

	@Override
	public void close() {
		this.agents.parallelStream().forEach(SwitchboardAgent::close);
	}

}
