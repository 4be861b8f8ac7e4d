package dev.switchboard.forwarding;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.switchboard.connection.AgentCall;
import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.routing.CallForwarder;
import dev.switchboard.routing.ForwardException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Forwards by frames, as they go to agents and come from them. */
final class NodeForwarder implements CallForwarder {

	private final Peers peers;

	NodeForwarder(Peers peers) {
		this.peers = peers;
	}

	@Override
	public Mono<Answer> call(NodeRecord node, AgentId agent, AgentCall call) {
		Outgoing.Body body = (millis) -> FrameCodec
			.encode(new Frame.Call(call.id(), call.method(), millis, call.traceparent(), call.payload()));
		return this.peers
			.send(node,
					new Outgoing<>(RequestKind.CALL, agent, call.timeToLive(), body,
							(message) -> answer(message, call.chunks())))
			.switchIfEmpty(Mono.error(() -> new ForwardException(ForwardException.Reason.LOST)));
	}

	private static @Nullable Answer answer(byte[] message, ChunkReceiver chunks) {
		return switch (FrameCodec.decodeFromAgent(message)) {
			case Frame.Result result -> new Answer.Completed(result.payload());
			case Frame.Error error -> new Answer.Rejected(error.code(), error.message(), error.payload());
			case Frame.Chunk chunk -> {
				if (!chunks.accept(chunk.payload())) {
					throw new ConnectionException(ConnectionException.Reason.CALLER_TOO_SLOW);
				}
				yield null;
			}
			case null, default -> throw new JsonException("no frame of an answer");
		};
	}

	@Override
	public Mono<Void> push(NodeRecord node, AgentId agent, Frame.Push push, Duration wait) {
		return this.peers.send(node,
				new Outgoing<>(RequestKind.PUSH, agent, wait, (_) -> FrameCodec.encode(push), (_) -> null));
	}

	@Override
	public Mono<Void> disconnect(NodeRecord node, AgentId agent, Duration wait) {
		return this.peers.send(node,
				new Outgoing<>(RequestKind.DISCONNECT, agent, wait, Outgoing.Body.EMPTY, (_) -> null));
	}

	@Override
	public Mono<Payload> outcome(NodeRecord node, CallId id, Duration wait) {
		return recorded(RequestKind.OUTCOME, node, id, wait);
	}

	@Override
	public Mono<Payload> cancel(NodeRecord node, CallId id, Duration wait) {
		return recorded(RequestKind.CANCEL, node, id, wait);
	}

	private Mono<Payload> recorded(RequestKind kind, NodeRecord node, CallId id, Duration wait) {
		byte[] body = id.toString().getBytes(StandardCharsets.US_ASCII);
		return this.peers.send(node, new Outgoing<>(kind, null, wait, (_) -> body, Payload::parse));
	}

}
