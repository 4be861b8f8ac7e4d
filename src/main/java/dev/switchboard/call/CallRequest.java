package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.routing.Call;
import org.jspecify.annotations.Nullable;

/**
 * A call as its caller asked for it.
 *
 * @param call the call; it runs under its id, unless its key names an earlier one
 * @param caller the caller's name, for a call that is recorded; keys are scoped to it
 * @param body the bytes of the whole body, by which requests under one key are compared
 * @param options how the call waits
 */
public record CallRequest(Call call, String caller, Payload body, Options options) {

	public CallId id() {
		return this.call.id();
	}

	public AgentId agent() {
		return this.call.agent();
	}

	/** The same request, whose streamed parts go to this receiver. */
	public CallRequest streamedTo(ChunkReceiver chunks) {
		return new CallRequest(this.call.streamedTo(chunks), this.caller, this.body, this.options);
	}

	/**
	 * How a call waits.
	 *
	 * @param isAsync whether the caller wants an answer before the result is there
	 * @param waitTime how long the caller waits for the result
	 * @param timeToLive the time after which the call has failed
	 * @param connectWait how long an agent that is offline may take to connect
	 * @param idempotencyKey the key under which the call runs at most once
	 */
	public record Options(boolean isAsync, Duration waitTime, Duration timeToLive, Duration connectWait,
			@Nullable String idempotencyKey) {

		/** Whether the call can be looked up, and goes on without its caller. */
		public boolean isRecorded() {
			return this.isAsync || this.idempotencyKey != null;
		}

	}

}
