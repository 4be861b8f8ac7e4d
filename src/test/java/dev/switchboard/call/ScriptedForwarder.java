package dev.switchboard.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.connection.AgentCall;
import dev.switchboard.connection.Answer;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.routing.CallForwarder;
import reactor.core.publisher.Mono;

/** Other nodes, whose answers a test gives. */
final class ScriptedForwarder implements CallForwarder {

	final List<String> asked = new ArrayList<>();

	Mono<Payload> resource = Mono.empty();

	@Override
	public Mono<Answer> call(NodeRecord node, AgentId agent, AgentCall call) {
		return Mono.never();
	}

	@Override
	public Mono<Void> push(NodeRecord node, AgentId agent, Frame.Push push, Duration wait) {
		return Mono.never();
	}

	@Override
	public Mono<Void> disconnect(NodeRecord node, AgentId agent, Duration wait) {
		return Mono.never();
	}

	@Override
	public Mono<Payload> outcome(NodeRecord node, CallId id, Duration wait) {
		this.asked.add("outcome of " + id);
		return this.resource;
	}

	@Override
	public Mono<Payload> cancel(NodeRecord node, CallId id, Duration wait) {
		this.asked.add("cancel of " + id);
		return this.resource;
	}

}
