package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.routing.Call;
import org.jspecify.annotations.Nullable;

/**
 * A request to make a call.
 *
 * @param call the call; it is not run if an earlier call has its key
 * @param caller the caller's name if the call is to be recorded; each caller has keys of
 * its own
 * @param body the bytes of the request's whole body; requests with the same key must have
 * the same body
 * @param options the times of the call, its key, and whether it is asynchronous
 */
public record CallRequest(Call call, String caller, Payload body, Options options) {

	public CallId id() {
		return this.call.id();
	}

	public AgentId agent() {
		return this.call.agent();
	}

	/**
	 * Returns the same request, but with a receiver for the parts of a streamed result.
	 */
	public CallRequest streamedTo(ChunkReceiver chunks) {
		return new CallRequest(this.call.streamedTo(chunks), this.caller, this.body, this.options);
	}

	/**
	 * The times of a call, its key, and whether it is asynchronous.
	 *
	 * @param isAsync whether the caller wants an answer at once, without the result
	 * @param waitTime how long the caller waits for the result
	 * @param timeToLive the time after which the call fails if it has no result
	 * @param connectWait how long an agent that is offline may take to connect
	 * @param idempotencyKey the key under which the call runs at most once; null if it
	 * has none
	 */
	public record Options(boolean isAsync, Duration waitTime, Duration timeToLive, Duration connectWait,
			@Nullable String idempotencyKey) {

		/**
		 * Whether the call is recorded: it can be looked up, and goes on even if its
		 * caller leaves.
		 */
		public boolean isRecorded() {
			return this.isAsync || this.idempotencyKey != null;
		}

	}

}
