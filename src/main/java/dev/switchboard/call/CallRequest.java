package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * A call as its caller asked for it.
 *
 * @param id under which it runs, unless its key names an earlier one
 * @param agent whom to call
 * @param caller who calls, for a call that is recorded; keys are scoped to it
 * @param method what the agent shall do
 * @param payload passed on byte for byte
 * @param body the whole body's bytes, by which requests under one key compare
 * @param options how to wait
 * @param traceparent the caller's trace context, to pass on
 */
public record CallRequest(CallId id, AgentId agent, String caller, String method, Payload payload, Payload body,
		Options options, @Nullable String traceparent) {

	/**
	 * How a call waits.
	 *
	 * @param preferences what the caller prefers
	 * @param waitTime how long the caller waits for the result
	 * @param timeToLive after which the call has failed
	 * @param connectWait how long an agent that is not connected may take to turn up
	 * @param idempotencyKey under which it runs at most once
	 */
	public record Options(Preferences preferences, Duration waitTime, Duration timeToLive, Duration connectWait,
			@Nullable String idempotencyKey) {

		public boolean isAsync() {
			return this.preferences.respondAsync();
		}

		/** Whether it can be asked for, and goes on without its caller. */
		public boolean isRecorded() {
			return isAsync() || this.idempotencyKey != null;
		}

	}

}
