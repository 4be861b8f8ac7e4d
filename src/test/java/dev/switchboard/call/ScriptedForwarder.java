package dev.switchboard.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.Verb;
import reactor.core.publisher.Mono;

/** Other nodes, whose answers a test gives. */
final class ScriptedForwarder implements Forwarder {

	final List<String> asked = new ArrayList<>();

	Mono<Payload> resource = Mono.empty();

	@Override
	public <T> Mono<T> forward(NodeRecord node, Verb<T> verb) {
		return Mono.never();
	}

	@Override
	public Mono<Payload> ask(NodeRecord node, String kind, String subject, Duration timeToLive) {
		this.asked.add(kind + " of " + subject);
		return this.resource;
	}

}
