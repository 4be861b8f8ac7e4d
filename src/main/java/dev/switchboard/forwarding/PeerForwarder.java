package dev.switchboard.forwarding;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.json.Payload;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.Verb;
import reactor.core.publisher.Mono;

/** Sends verbs and questions to other nodes as HTTP/2 requests. Thread-safe. */
final class PeerForwarder implements Forwarder {

	private final Peers peers;

	PeerForwarder(Peers peers) {
		this.peers = peers;
	}

	@Override
	public <T> Mono<T> forward(NodeRecord node, Verb<T> verb) {
		VerbCodec<Verb<T>, T> codec = VerbCodecs.of(verb);
		Mono<T> result = this.peers.send(node, new PeerRequest<>(codec.kind(), verb.agent(), verb.timeToLive(),
				(left) -> codec.encode(verb.within(left)), (message) -> codec.decodeResult(verb, message)));
		return codec.hasResult()
				? result.switchIfEmpty(Mono.error(() -> new ForwardException(ForwardException.Reason.LOST))) : result;
	}

	@Override
	public Mono<Payload> ask(NodeRecord node, String kind, String subject, Duration timeToLive) {
		byte[] body = subject.getBytes(StandardCharsets.US_ASCII);
		return this.peers.send(node, new PeerRequest<>(kind, null, timeToLive, (_) -> body, Payload::parse));
	}

}
