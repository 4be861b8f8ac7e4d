package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.json.JsonException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.routing.Call;
import org.jspecify.annotations.Nullable;

/**
 * Writes calls, their answers and the parts of answers as the frames of the agent
 * protocol.
 */
final class CallCodec implements BulkCodec<Call, Answer> {

	@Override
	public String kind() {
		return "call";
	}

	@Override
	public byte[] encode(Call call) {
		return FrameCodec.encode(call.frame());
	}

	@Override
	public Call decode(AgentId agent, Duration timeToLive, byte[] body, Predicate<byte[]> parts) {
		if (!(FrameCodec.decodeFromGateway(body) instanceof Frame.Call frame)) {
			throw new IllegalArgumentException("not a call");
		}
		CallId id = frame.id();
		return new Call(agent, frame, (chunk) -> parts.test(FrameCodec.encode(new Frame.Chunk(id, chunk))));
	}

	@Override
	public boolean hasResult() {
		return true;
	}

	@Override
	public byte[] encodeResult(Call call, Answer answer) {
		return FrameCodec.encode(switch (answer) {
			case Answer.Completed completed -> new Frame.Result(call.id(), completed.payload());
			case Answer.Rejected rejected ->
				new Frame.Error(call.id(), rejected.code(), rejected.message(), rejected.payload());
		});
	}

	@Override
	public @Nullable Answer decodeResult(Call call, byte[] message) {
		return switch (FrameCodec.decodeFromAgent(message)) {
			case Frame.Result result -> new Answer.Completed(result.payload());
			case Frame.Error error -> new Answer.Rejected(error.code(), error.message(), error.payload());
			case Frame.Chunk chunk -> {
				if (!call.chunks().accept(chunk.payload())) {
					throw new ConnectionException(ConnectionException.Reason.CALLER_TOO_SLOW);
				}
				yield null;
			}
			case null, default -> throw new JsonException("not a frame of an answer");
		};
	}

	@Override
	public CallId id(Call call) {
		return call.id();
	}

	@Override
	@SuppressWarnings("ReferenceEquality") // Comparing the bytes would cost too much.
	public boolean isAlike(Call one, Call other) {
		return one.frame().payload() == other.frame().payload() && one.frame().method().equals(other.frame().method())
				&& Objects.equals(one.frame().traceparent(), other.frame().traceparent());
	}

	@Override
	public Call forAgent(Call call, AgentId agent, CallId id, Duration timeToLive) {
		Frame.Call frame = call.frame();
		return new Call(agent, new Frame.Call(id, frame.method(), Math.max(1, timeToLive.toMillis()),
				frame.traceparent(), frame.payload()), ChunkReceiver.DROP);
	}

}
