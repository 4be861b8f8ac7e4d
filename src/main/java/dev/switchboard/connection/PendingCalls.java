package dev.switchboard.connection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait on one connection, by their id. They belong to it: its end fails
 * them without a search, an idle connection has none of this, and only its event loop
 * touches them.
 */
final class PendingCalls {

	private final AgentConnection connection;

	private final ConnectionLimits limits;

	private final Map<CallId, PendingCall> calls = new HashMap<>();

	PendingCalls(AgentConnection connection, ConnectionLimits limits) {
		this.connection = connection;
		this.limits = limits;
	}

	boolean isEmpty() {
		return this.calls.isEmpty();
	}

	/** Sends the call and lets it wait, or fails it. */
	void begin(PendingCall call) {
		Reason refused = refuse(call);
		if (refused != null) {
			call.fail(refused);
		}
		else if (!this.connection.send(call.message())) {
			call.fail(Reason.TOO_SLOW);
		}
		else if (this.connection.isClosing()) {
			call.disconnect();
		}
		else {
			this.calls.put(call.id(), call);
		}
	}

	private @Nullable Reason refuse(PendingCall call) {
		Reason refused = this.connection.refuse(call.message());
		if (refused != null) {
			return refused;
		}
		return (this.calls.size() >= this.limits.maxInFlight()) ? Reason.TOO_MANY_IN_FLIGHT : null;
	}

	/** The call's time is up. */
	void expire(PendingCall call) {
		this.calls.remove(call.id());
		call.fail(takeBack(call) ? Reason.DEADLINE_UNSENT : Reason.DEADLINE);
	}

	/** Nobody waits for it any more. */
	void abandon(PendingCall call) {
		if (this.calls.remove(call.id(), call)) {
			takeBack(call);
		}
		call.end();
	}

	// Tells the agent that nobody waits any more, unless it never heard of the call.
	private boolean takeBack(PendingCall call) {
		if (this.connection.withdraw(call.message())) {
			return true;
		}
		this.connection.send(OutboundMessage.text(FrameCodec.encode(new Frame.Cancel(call.id()))));
		return false;
	}

	@Nullable PendingCall find(CallId id) {
		return this.calls.get(id);
	}

	/** Ends the wait; null if nobody waits under this id. */
	@Nullable PendingCall remove(CallId id) {
		return this.calls.remove(id);
	}

	/**
	 * Passes a part of the call's answer on; a caller that takes no more loses the call.
	 */
	void pass(PendingCall call, Payload chunk) {
		if (!call.chunks().accept(chunk)) {
			this.calls.remove(call.id());
			takeBack(call);
			call.fail(Reason.CALLER_TOO_SLOW);
		}
	}

	/**
	 * Fails the call whose answer was too big for the frame limit.
	 * @param named the call that the message names, if it could be found; else it is the
	 * only one that waits, if there is just one
	 */
	void resultTooLarge(@Nullable CallId named) {
		CallId id = named;
		if (id == null && this.calls.size() == 1) {
			id = this.calls.keySet().iterator().next();
		}
		PendingCall call = (id != null) ? this.calls.remove(id) : null;
		if (call != null) {
			call.fail(Reason.RESULT_TOO_LARGE);
		}
	}

	/** Ends every wait, since the connection does. */
	void disconnect() {
		List<PendingCall> all = new ArrayList<>(this.calls.values());
		this.calls.clear();
		all.forEach(PendingCall::disconnect);
	}

}
