package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.routing.Call;
import org.jspecify.annotations.Nullable;

/** Calls as callers ask for them. */
final class TestCalls {

	static final Duration TIME_TO_LIVE = Duration.ofSeconds(10);

	private TestCalls() {
	}

	/** A call that asks for an answer later, or one with a key. */
	static CallRequest request(AgentId agent, @Nullable String key, Payload body) {
		Frame.Call frame = new Frame.Call(TestIds.call(), "m", TIME_TO_LIVE.toMillis(), null, Payload.NULL);
		return new CallRequest(new Call(agent, frame, ChunkReceiver.DROP), "alice", body,
				new CallRequest.Options(key == null, TIME_TO_LIVE, TIME_TO_LIVE, Duration.ZERO, key));
	}

}
