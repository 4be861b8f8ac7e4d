package dev.switchboard.forwarding;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Answers for recorded calls that this node runs, by their id.
 *
 * @param kind what is asked of them
 * @param answer gives a call's resource; empty if this node does not run it
 */
record RecordedCallRoute(RequestKind kind, Function<CallId, Mono<Payload>> answer) implements Route {

	@Override
	public Disposable serve(Request request, Reply reply) {
		CallId id = CallId.parse(new String(request.message(), StandardCharsets.US_ASCII));
		return this.answer.apply(id).subscribe((resource) -> reply.end(resource.toBytes()), reply::fail, reply::end);
	}

}
