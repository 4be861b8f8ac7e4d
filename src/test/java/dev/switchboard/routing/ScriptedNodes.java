package dev.switchboard.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.SupersedeStreak;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.tenant.Admittance;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A router whose agents are on several other nodes; a test ends each verb by hand. */
public final class ScriptedNodes {

	/** The agents whose verbs have come, in their order. */
	public final List<AgentId> called = new ArrayList<>();

	/** The agents whose verbs were cancelled. */
	public final List<AgentId> cancelled = new ArrayList<>();

	/** The verbs that have come, by their agents. */
	public final Map<AgentId, Verb<?>> verbs = new LinkedHashMap<>();

	/** How many bulk forwarders were closed. */
	public int closed;

	public final AgentRouter router;

	public final BulkForwarder.Factory forwarders = (_) -> new OtherNodes();

	private final Map<AgentId, AgentRecord> agents = new HashMap<>();

	private final Map<AgentId, Sinks.One<Object>> waiting = new HashMap<>();

	private Mono<Void> lookup = Mono.empty();

	public ScriptedNodes(TimeSource time) {
		Absence absence = new Absence(() -> true);
		this.router = new AgentRouter(new ConnectionRegistry(),
				new Locations(
						(agent, _) -> this.lookup.then(Mono.defer(() -> Mono.justOrEmpty(this.agents.get(agent)))),
						TestIds.node(), time, absence, new Admittance()),
				new OtherNodes(), (_) -> Mono.never(), time, () -> Instant.EPOCH, absence);
	}

	/** Adds an agent of a node to the directory. */
	public AgentId add(String name, int node) {
		return add(name, new NodeRecord(new NodeId(new UUID(1, node)), "127.0.0.1", node, null, NodeState.UP, 0, 1,
				Instant.EPOCH, Duration.ofSeconds(15)));
	}

	/** Adds an agent that is offline to the directory. */
	public AgentId addOffline(String name) {
		return add(name, null);
	}

	private AgentId add(String name, @Nullable NodeRecord node) {
		AgentId agent = new AgentId("acme", name);
		this.agents.put(agent, new AgentRecord(new Claim(agent, TestIds.connection(), 1, Instant.EPOCH, null), node,
				Instant.EPOCH, new SupersedeStreak(0, Instant.EPOCH)));
		return agent;
	}

	/** Lets all lookups wait. */
	public void lookUpAfter(Mono<Void> signal) {
		this.lookup = signal;
	}

	/** Completes the verb of an agent. */
	public void complete(AgentId agent) {
		answer(agent, new Answer.Completed(Payload.parse("\"" + agent.agent() + "\"")));
	}

	/** Answers the call of an agent. */
	public void answer(AgentId agent, Answer answer) {
		end(agent).tryEmitValue(answer).orThrow();
	}

	/** Ends the push of an agent. */
	public void sent(AgentId agent) {
		end(agent).tryEmitEmpty().orThrow();
	}

	/** Fails the verb of an agent. */
	public void fail(AgentId agent, RuntimeException failure) {
		end(agent).tryEmitError(failure).orThrow();
	}

	private Sinks.One<Object> end(AgentId agent) {
		return Objects.requireNonNull(this.waiting.remove(agent), () -> "no verb of " + agent);
	}

	/** Returns how many verbs wait for their ends. */
	public int inFlight() {
		return this.waiting.size();
	}

	private final class OtherNodes implements BulkForwarder {

		@Override
		@SuppressWarnings("unchecked") // A test gives each verb a result of its type.
		public <T> Mono<T> forward(NodeRecord node, Verb<T> verb) {
			return Mono.defer(() -> {
				Sinks.One<Object> end = Sinks.one();
				ScriptedNodes.this.called.add(verb.agent());
				ScriptedNodes.this.verbs.put(verb.agent(), verb);
				ScriptedNodes.this.waiting.put(verb.agent(), end);
				return (Mono<T>) end.asMono().doOnCancel(() -> {
					if (ScriptedNodes.this.waiting.remove(verb.agent(), end)) {
						ScriptedNodes.this.cancelled.add(verb.agent());
					}
				});
			});
		}

		@Override
		public Mono<Payload> ask(NodeRecord node, String kind, String subject, Duration timeToLive) {
			return Mono.error(new AssertionError("nothing is asked"));
		}

		@Override
		public void close() {
			ScriptedNodes.this.closed++;
		}

	}

}
