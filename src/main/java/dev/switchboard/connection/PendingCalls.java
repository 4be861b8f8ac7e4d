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
 * answered, expires, is abandoned by the caller, or fails. When the connection ends, its
 * calls are failed without a search, since they are all here. An idle connection has no
 * such object. Only the event loop uses it, except for {@link #onLoop}.
 */
final class PendingCalls {

	/** The connection that the calls wait on. */
	interface Channel {

		/** Returns why the message may not be sent; null if it may. */
		@Nullable Reason refuse(OutboundMessage message);

		/**
		 * Writes or queues a message.
		 * @return false if the agent reads too slowly for it; the connection closes then
		 */
		boolean send(OutboundMessage message);

		/**
		 * Takes a message back if it is still queued.
		 * @return whether no byte of the message is ever written
		 */
		boolean withdraw(OutboundMessage message);

		/**
		 * Asks the directory whether the connection still holds its agent, and closes it
		 * if not.
		 * @param then runs on the event loop after that
		 */
		void checkOwner(Runnable then);

	}

	private static final int MOST_HELD = 256;

	private final Channel channel;

	private final EventLoopContext context;

	private final Map<CallId, PendingCall> calls = new HashMap<>();

	private @Nullable Runnable onceEmpty;

	/** What the agent sent while the directory is asked whether it is still here. */
	private @Nullable List<Frame.OfCall> held;

	PendingCalls(Channel channel, EventLoopContext context) {
		this.channel = channel;
		this.context = context;
	}

	boolean isEmpty() {
		return this.calls.isEmpty();
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
		this.context.metrics().answered(call, now);
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
	 * Fails the call whose answer was over the frame limit.
	 * @param named the call that the answer names; null if its id could not be read. Then
	 * the answer is for the only call, if just one call waits.
	 */
	void resultTooLarge(@Nullable CallId named) {
		CallId id = named;
		if (id == null && this.calls.size() == 1) {
			id = this.calls.keySet().iterator().next();
		}
		PendingCall call = (id != null) ? this.calls.get(id) : null;
		if (call != null) {
			fail(call, Reason.RESULT_TOO_LARGE);
		}
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
	 * @return whether the agent never sees the call
	 */
	private boolean takeBack(PendingCall call) {
		if (this.channel.withdraw(call.message())) {
			return true;
		}
		this.channel.send(OutboundMessage.of(new Frame.Cancel(call.id())));
		return false;
	}

	/** Fails every call, since the connection closes. */
	void endAll() {
		List<PendingCall> all = new ArrayList<>(this.calls.values());
		all.forEach((call) -> fail(call, call.message().isTaken() ? Reason.DISCONNECTED : Reason.GONE));
	}

	/** Runs the action as soon as no call waits, which may be now. */
	void onceEmpty(Runnable action) {
		this.onceEmpty = action;
		checkEmpty();
	}

	private void fail(PendingCall call, Reason reason) {
		if (!call.isEnded()) {
			remove(call);
			call.fail(reason);
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
