package dev.switchboard.connection;

import java.net.InetSocketAddress;
import java.time.Duration;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.loop.OnLoop;
import dev.switchboard.loop.TimerWheel;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.transport.EventLoopSession;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * One live attachment of an agent to this node, and the calls that wait on it. The public
 * methods may be used from any thread; the state behind them belongs to the connection's
 * event loop.
 */
public final class AgentConnection extends AgentReceiver {

	private static final Logger LOG = LoggerFactory.getLogger(AgentConnection.class);

	private final OutboundSink outbound = new OutboundSink();

	/** There while calls wait, and for a while after. */
	private @Nullable PendingCalls pending;

	private volatile State state = State.OPEN;

	private enum State {

		OPEN, CLOSING, ENDED

	}

	public AgentConnection(AgentCredentials credentials, long epoch, @Nullable InetSocketAddress remote,
			EventLoopSession session, EventLoopContext context) {
		super(credentials, epoch, remote, session, context);
	}

	EventExecutor eventLoop() {
		return this.session.eventLoop();
	}

	/**
	 * Sends a call and waits for its answer.
	 * @param call its {@code ttlMillis} is its deadline, counted from the subscription
	 * @param chunks takes the parts of a streamed result
	 * @return the agent's answer; an error of {@link ConnectionException} otherwise,
	 * hardly later than the deadline. Cancelling it cancels the call. Completes on the
	 * event loop.
	 */
	public Mono<Answer> call(Frame.Call call, ChunkReceiver chunks) {
		return Mono.fromDirect((waiter) -> {
			CoreSubscriber<? super Answer> subscriber = Operators.toCoreSubscriber(waiter);
			subscriber.onSubscribe(new PendingCall(this, call, chunks, subscriber));
		});
	}

	void begin(PendingCall call) {
		if (call.isEnded()) {
			return;
		}
		boolean first = !isAwaited();
		calls().begin(call);
		if (!call.isEnded()) {
			watch(call, first);
		}
	}

	private PendingCalls calls() {
		if (this.pending == null) {
			this.pending = new PendingCalls(this, this.context.limits());
		}
		return this.pending;
	}

	void abandon(PendingCall call) {
		calls().abandon(call);
	}

	/** Looks after a call that waits; as {@link TimerWheel.Entry#look}. */
	long checkCall(PendingCall call, long now) {
		long remaining = call.remainingNanos(now);
		if (remaining <= 0) {
			calls().expire(call);
			return -1;
		}
		return Math.min(remaining, checkLiveness(now));
	}

	/**
	 * Sends a message that expects no result. Cancelling it takes the message back if it
	 * is still queued.
	 * @param wait how long the message may stay in the queue; after it, the push fails as
	 * unsent
	 * @return completes on the event loop once the message has been handed to the socket;
	 * an error of {@link ConnectionException} otherwise
	 */
	public Mono<Void> push(Frame.Push push, Duration wait) {
		return Mono.create((waiter) -> onLoop(() -> new PendingPush(this, push, waiter).begin(wait)));
	}

	@Override
	void receive(Frame.FromAgent frame) {
		switch (frame) {
			case Frame.Result result -> answer(result.id(), new Answer.Completed(result.payload()));
			case Frame.Error error ->
				answer(error.id(), new Answer.Rejected(error.code(), error.message(), error.payload()));
			case Frame.Chunk chunk -> {
				PendingCall call = find(chunk.id());
				if (call != null) {
					calls().pass(call, chunk.payload());
				}
			}
			case Frame.Accept accept -> find(accept.id());
			case Frame.Hello hello -> LOG.debug("{} is version {}", agent(), hello.agentVersion());
			case Frame.Ack _, Frame.Event _, Frame.AuthRefresh _ -> this.context.metrics().ignoredFrame();
		}
	}

	private @Nullable PendingCall find(CallId id) {
		PendingCall call = (this.pending != null) ? this.pending.find(id) : null;
		if (call == null) {
			this.context.metrics().lateAnswer();
		}
		return call;
	}

	private void answer(CallId id, Answer answer) {
		PendingCall call = (this.pending != null) ? this.pending.remove(id) : null;
		if (call != null) {
			this.context.metrics().answered(call);
			call.answer(answer);
		}
		else {
			this.context.metrics().lateAnswer();
		}
	}

	@Override
	void resultTooLarge(@Nullable CallId named) {
		if (this.pending != null) {
			this.pending.resultTooLarge(named);
		}
	}

	/**
	 * Closes the connection; the calls that wait on it fail at once. The first reason
	 * stands.
	 */
	@Override
	public void close(DisconnectReason reason) {
		onLoop(() -> {
			if (!isClosing()) {
				this.state = State.CLOSING;
				failPending();
				// In the loop's next turn the welcome, at the least, is on its way.
				eventLoop()
					.execute(() -> this.session.close(new CloseStatus(reason.code(), reason.text())).subscribe());
			}
		});
	}

	/** Whether it takes nothing new any more. */
	public boolean isClosing() {
		return this.state != State.OPEN;
	}

	@Override
	void end() {
		if (this.state != State.ENDED) {
			this.state = State.ENDED;
			unwatch(this);
			failPending();
			this.outbound.end();
			this.context.ended().accept(this);
		}
	}

	private void failPending() {
		if (this.pending != null) {
			this.pending.disconnect();
		}
	}

	/** What the session is to send, and what comes of it, until either ends. */
	public Mono<Void> run() {
		watch();
		this.session.receive().subscribe(this);
		return this.session.send(this.outbound);
	}

	/** Completes with the status as soon as the session begins to close. */
	public Mono<CloseStatus> closeStatus() {
		return this.session.closeStatus();
	}

	/** Why neither a call nor a push with this message may be sent; null if it may. */
	@Nullable Reason refuse(OutboundMessage message) {
		if (isClosing()) {
			return Reason.GONE;
		}
		return (message.size() > this.context.limits().maxFrameBytes()) ? Reason.PAYLOAD_TOO_LARGE : null;
	}

	/** Queues a message; an agent that has too many waiting is closed. */
	public @Override boolean send(OutboundMessage message) {
		boolean sent = this.outbound.send(message, this.context.limits().maxQueuedBytes());
		if (sent && message.isWaiting()) {
			message.park(this.context.metrics().queuedBytes());
		}
		else if (!sent && !isClosing()) {
			close(DisconnectReason.TOO_SLOW);
		}
		return sent;
	}

	boolean withdraw(OutboundMessage message) {
		return this.outbound.withdraw(message);
	}

	/** A connection that has become idle gives up what it kept for calls. */
	@Override
	protected long look(long now) {
		if (!isAwaited()) {
			this.pending = null;
		}
		return isClosing() ? -1 : checkLiveness(now);
	}

	@Override
	boolean isAwaited() {
		return this.pending != null && !this.pending.isEmpty();
	}

	void onLoop(Runnable task) {
		OnLoop.run(eventLoop(), task);
	}

}
