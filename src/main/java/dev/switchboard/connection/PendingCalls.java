package dev.switchboard.connection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * The calls that wait on one connection, by their ids. Each call ends once: it is
 * answered, expires, is abandoned by the caller, or fails. When the connection ends, no
 * search for its calls is needed, since they are all here. An idle connection has no such
 * object. Only the event loop uses the object, except for {@link #onLoop}.
 */
final class PendingCalls {

	private static final int MOST_HELD = 256;

	private final CallChannel channel;

	private final EventLoopContext context;

	private final Map<CallId, PendingCall> calls = new HashMap<>();

	private @Nullable Runnable onceEmpty;

	/**
	 * The frames that the agent has sent while the directory is asked whether this
	 * connection still holds the agent; null while the directory is not asked.
	 */
	private @Nullable List<Frame.OfCall> held;

	PendingCalls(CallChannel channel, EventLoopContext context) {
		this.channel = channel;
		this.context = context;
	}

	int size() {
		return this.calls.size();
	}

	Iterable<PendingCall> waiting() {
		return this.calls.values();
	}

	void onLoop(Runnable task) {
		this.context.onLoop(task);
	}

	long nanoTime() {
		return this.context.time().nanoTime();
	}

	/**
	 * Begins a call, or refuses it. The call is sent when its waiter requests the answer,
	 * which waiters do at once.
	 * @param acceptedNanos when the call's time to live begins
	 */
	void begin(Frame.Call frame, ChunkReceiver chunks, CoreSubscriber<? super Answer> waiter, long acceptedNanos) {
		PendingCall call = new PendingCall(this, frame, chunks, waiter, acceptedNanos);
		Reason refused = refuse(call);
		if (refused != null) {
			Operators.error(waiter, new ConnectionException(refused));
			return;
		}
		this.calls.put(call.id(), call);
		this.context.wheel().add(call, call.remainingNanos(nanoTime()));
		waiter.onSubscribe(call);
	}

	private @Nullable Reason refuse(PendingCall call) {
		Reason refused = this.channel.refuse(call.message());
		if (refused != null) {
			return refused;
		}
		return (this.calls.size() >= this.context.limits().maxInFlight()) ? Reason.TOO_MANY_IN_FLIGHT : null;
	}

	/** Sends the call. Called when the waiter requests the answer. */
	void send(PendingCall call) {
		if (!call.isEnded() && call.message().isNew() && !this.channel.send(call.message())) {
			fail(call, Reason.TOO_SLOW);
		}
	}

	/** Takes a frame that the agent sent about a call. */
	void receive(Frame.OfCall frame) {
		long now = nanoTime();
		List<Frame.OfCall> waiting = this.held;
		if (waiting != null && waiting.size() < MOST_HELD) {
			waiting.add(frame);
		}
		else if (waiting == null && !this.context.ownership().isSure(now)) {
			this.held = new ArrayList<>(List.of(frame));
			this.channel.checkOwner(this::release);
		}
		else {
			release();
			pass(frame, now);
		}
	}

	private void release() {
		List<Frame.OfCall> waiting = this.held;
		this.held = null;
		if (waiting != null) {
			waiting.forEach((frame) -> pass(frame, nanoTime()));
		}
	}

	private void pass(Frame.OfCall frame, long now) {
		PendingCall call = this.calls.get(frame.id());
		if (call == null) {
			this.context.metrics().lateAnswer();
			return;
		}
		switch (frame) {
			case Frame.Result result -> answer(call, new Answer.Completed(result.payload()), now);
			case Frame.Error error ->
				answer(call, new Answer.Rejected(error.code(), error.message(), error.payload()), now);
			case Frame.Chunk chunk -> chunk(call, chunk.payload());
			case Frame.Accept _ -> {
				// The agent has started the call. Nothing changes here.
			}
		}
	}

	private void answer(PendingCall call, Answer answer, long now) {
		this.context.answered(call, answer, now);
		remove(call);
		call.answer(answer);
		checkEmpty();
	}

	/** Passes a chunk on to the caller. If the caller cannot take it, the call ends. */
	private void chunk(PendingCall call, Payload chunk) {
		if (!call.chunks().accept(chunk)) {
			remove(call);
			takeBack(call);
			fail(call, Reason.CALLER_TOO_SLOW);
		}
	}

	/**
	 * Fails the call that a faulty message is about.
	 * @param last whether the message was the agent's last one about the call; if it was
	 * not, the agent gets a cancel
	 */
	void endFaulty(CallId id, ConnectionException failure, boolean last) {
		PendingCall call = this.calls.get(id);
		if (call == null) {
			this.context.metrics().lateAnswer();
			return;
		}
		this.context.metrics().badAnswer();
		remove(call);
		if (!last) {
			takeBack(call);
		}
		fail(call, failure);
	}

	/** Whether a call with this id waits. */
	boolean isWaiting(CallId id) {
		return this.calls.containsKey(id);
	}

	/** Returns the only call that waits; null if there is none or more than one. */
	@Nullable CallId only() {
		return (this.calls.size() == 1) ? this.calls.keySet().iterator().next() : null;
	}

	/** Fails a call whose time to live is over. */
	void expire(PendingCall call) {
		remove(call);
		fail(call, takeBack(call) ? Reason.DEADLINE_UNSENT : Reason.DEADLINE);
	}

	/** Ends a call whose caller does not wait any more. */
	void abandon(PendingCall call) {
		if (!call.isEnded()) {
			remove(call);
			call.end();
			takeBack(call);
			checkEmpty();
		}
	}

	/**
	 * Takes the call's message back, or cancels the call at the agent.
	 * @return true if the agent never sees the call
	 */
	private boolean takeBack(PendingCall call) {
		if (this.channel.withdraw(call.message())) {
			return true;
		}
		this.channel.send(OutboundMessage.of(new Frame.Cancel(call.id())));
		return false;
	}

	/**
	 * Fails every call, since the connection closes.
	 * @param why the reason for the close, for the callers; null if it is not known
	 */
	void endAll(@Nullable String why) {
		List<PendingCall> all = new ArrayList<>(this.calls.values());
		all.forEach((call) -> fail(call,
				new ConnectionException(call.message().isTaken() ? Reason.DISCONNECTED : Reason.GONE, why)));
	}

	/** Runs the action as soon as no call waits, which may be now. */
	void onceEmpty(Runnable action) {
		this.onceEmpty = action;
		checkEmpty();
	}

	private void fail(PendingCall call, Reason reason) {
		fail(call, new ConnectionException(reason));
	}

	private void fail(PendingCall call, ConnectionException failure) {
		if (!call.isEnded()) {
			remove(call);
			call.fail(failure);
			checkEmpty();
		}
	}

	// Called before a cancel is sent, since sending may end the connection.
	private void remove(PendingCall call) {
		this.calls.remove(call.id(), call);
		this.context.wheel().remove(call);
	}

	private void checkEmpty() {
		Runnable action = this.onceEmpty;
		if (action != null && this.calls.isEmpty()) {
			this.onceEmpty = null;
			action.run();
		}
	}

}
