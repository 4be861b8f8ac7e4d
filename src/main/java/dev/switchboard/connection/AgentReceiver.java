package dev.switchboard.connection;

import java.net.InetSocketAddress;
import java.time.Duration;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.json.JsonException;
import dev.switchboard.protocol.AnswerHead;
import dev.switchboard.protocol.BadAnswerException;
import dev.switchboard.protocol.BadEventException;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.EventReader;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.transport.EventLoopSession;
import dev.switchboard.transport.FrameViolationException;
import dev.switchboard.transport.InboundText;
import dev.switchboard.transport.OverlongText;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * The receiving half of a connection: turns messages into frames, on its event loop. A
 * faulty message ends the call that it names. If it names no call, it ends the
 * connection. This class is a superclass of {@link AgentConnection}, and not a separate
 * object, which would cost memory for each idle connection.
 */
abstract class AgentReceiver extends ObservedConnection implements CoreSubscriber<WebSocketMessage> {

	/** Exists while calls wait, and then until the next look at the connection. */
	@Nullable PendingCalls pending;

	AgentReceiver(AgentCredentials credentials, long epoch, @Nullable InetSocketAddress remote,
			EventLoopSession session, EventLoopContext context) {
		super(credentials, epoch, remote, session, context);
	}

	@Override
	public final void onSubscribe(Subscription subscription) {
		subscription.request(Long.MAX_VALUE);
	}

	@Override
	public final void onNext(WebSocketMessage message) {
		switch (message) {
			case InboundText text -> receive(text);
			case OverlongText text -> receiveOverlong(text);
			default -> receiveOther(message);
		}
	}

	private void receive(InboundText message) {
		this.context.rates().message(this);
		try {
			Frame.FromAgent frame = FrameCodec.decodeUtf8FromAgent(message.utf8());
			if (frame != null) {
				receive(frame);
			}
		}
		catch (BadAnswerException ex) {
			this.context.faults().badAnswer(agent(), ex.fault());
			endCall(ex.call(), new ConnectionException(Reason.BAD_ANSWER, ex.fault()), ex.isLast());
		}
		catch (BadEventException ex) {
			refuse(ex);
		}
		catch (JsonException ex) {
			violated(DisconnectReason.PROTOCOL_VIOLATION, ex.fault());
		}
	}

	/**
	 * Ends the call that an overlong message answers, or refuses the event that it is. If
	 * neither is certain, closes the connection. The transport skips the rest of the
	 * message.
	 */
	private void receiveOverlong(OverlongText message) {
		try {
			EventReader.refuse(message.head(), tooBig());
			receive(message);
		}
		catch (BadEventException ex) {
			refuse(ex);
		}
	}

	private void receive(OverlongText message) {
		AnswerHead head = AnswerHead.read(message.head());
		ConnectionException failure = new ConnectionException(Reason.RESULT_TOO_LARGE, tooBig());
		if (head != null && (head.certain() || isWaiting(head.call()))) {
			this.context.faults().badAnswer(agent(), tooBig());
			endCall(head.call(), failure, head.last());
			return;
		}
		CallId only = onlyCall();
		if (only != null) {
			endCall(only, failure, true);
		}
		violated(DisconnectReason.TOO_BIG, tooBig());
	}

	private void refuse(BadEventException event) {
		this.context.faults().badEvent(agent(), event.fault());
		send(new Frame.EventError(event.id(), Frame.Event.INVALID, event.fault(), null));
	}

	private String tooBig() {
		return "message over " + this.context.limits().maxFrameBytes() + " bytes";
	}

	private void receiveOther(WebSocketMessage message) {
		if (message.getType() == WebSocketMessage.Type.BINARY) {
			violated(DisconnectReason.PROTOCOL_VIOLATION, "binary message");
		}
		else if (message.getType() == WebSocketMessage.Type.PONG) {
			this.context.roundTrips().pong(this, message.getPayload());
		}
		// The transport answers pings, and records when bytes came.
	}

	private void endCall(CallId call, ConnectionException failure, boolean last) {
		if (this.pending != null) {
			this.pending.endFaulty(call, failure, last);
		}
		else {
			this.context.metrics().lateAnswer();
		}
	}

	private @Nullable CallId onlyCall() {
		return (this.pending != null) ? this.pending.only() : null;
	}

	private boolean isWaiting(CallId call) {
		return this.pending != null && this.pending.isWaiting(call);
	}

	@Override
	public final void onError(Throwable error) {
		if (error instanceof FrameViolationException violation) {
			this.context.faults().closing(agent(), violation.fault());
			end(violation.fault());
		}
		else {
			end(null);
		}
	}

	@Override
	public final void onComplete() {
		end(null);
	}

	/** Takes a frame from the agent. */
	abstract void receive(Frame.FromAgent frame);

	/**
	 * Examines the connection, and pings the agent. The ping changes nothing for the
	 * connection: it is not sent if the queue has no room, and a missing pong is no
	 * reason to close.
	 * @param patience how long the agent may take to answer the ping
	 * @return what was found, on the event loop
	 */
	public final Mono<Examination> examine(Duration patience) {
		return Mono.create((waiter) -> this.context.onLoop(() -> {
			Examination found = Examination.of(outbound().queuedBytes(), this.pending);
			this.context.roundTrips()
				.measure(this, outbound(), patience, (nanos) -> waiter.success(found.answeredAfter(nanos)));
		}));
	}

	/** Sends a frame for which no caller waits. Thread-safe. */
	public abstract void send(Frame.FromGateway frame);

	/** Returns the queue of messages to the agent. */
	abstract OutboundSink outbound();

	/**
	 * Returns how many calls wait for the agent, as they were a moment ago. Thread-safe.
	 */
	public final int callsInFlight() {
		PendingCalls calls = this.pending;
		return (calls != null) ? calls.size() : 0;
	}

	@Override
	final boolean isAwaited() {
		return this.pending != null && this.pending.size() > 0;
	}

	/**
	 * Called when the session has begun to close. Nothing more comes.
	 * @param why the agent's fault that ended the session; null if the session ended for
	 * another reason
	 */
	abstract void end(@Nullable String why);

}
