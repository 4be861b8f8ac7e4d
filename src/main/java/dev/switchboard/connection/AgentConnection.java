package dev.switchboard.connection;

import java.net.InetSocketAddress;
import java.time.Duration;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.transport.EventLoopSession;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * One live attachment of an agent to this node, and the calls that wait on it. Public
 * methods are thread-safe; the state behind them belongs to the connection's event loop.
 */
public final class AgentConnection extends AgentReceiver implements CallChannel {

	private final OutboundSink outbound = new OutboundSink();

	private volatile ConnectionState state = ConnectionState.OPEN;

	AgentConnection(AgentCredentials credentials, long epoch, @Nullable InetSocketAddress remote,
			EventLoopSession session, EventLoopContext context) {
		super(credentials, epoch, remote, session, context);
	}

	/** Completes when the event loop has run the connection's earlier tasks. */
	Mono<Void> turn() {
		return Mono.create((done) -> onLoop(done::success));
	}

	/**
	 * Sends a call and waits for its answer.
	 * @param call the call, whose {@code ttlMillis} begin with the subscription
	 * @param chunks takes the parts of a streamed result
	 * @return the agent's answer, or a {@link ConnectionException}, at the latest shortly
	 * after the deadline. Both come on the event loop. Cancelling cancels the call.
	 */
	public Mono<Answer> call(Frame.Call call, ChunkReceiver chunks) {
		return Mono.fromDirect((waiter) -> {
			CallWaiter caller = CallWaiter.of(waiter);
			long accepted = this.context.time().nanoTime();
			this.context.ownership().onceSure(this, accepted, () -> begin(call, chunks, caller, accepted));
		});
	}

	private void begin(Frame.Call call, ChunkReceiver chunks, CallWaiter waiter, long accepted) {
		boolean first = !isAwaited();
		calls().begin(call, chunks, waiter, accepted);
		if (first && isAwaited()) {
			pingIfQuiet();
		}
	}

	private PendingCalls calls() {
		if (this.pending == null) {
			this.pending = new PendingCalls(this, this.context);
			if (!isClosing()) {
				watchClosely();
			}
		}
		return this.pending;
	}

	@Override
	public void send(Frame.FromGateway frame) {
		onLoop(() -> send(OutboundMessage.of(frame)));
	}

	/**
	 * Sends a message that expects no result. Cancelling withdraws it if it is queued.
	 * @param wait how long the message may stay in the queue; if it stays longer, the
	 * push fails as unsent
	 * @return completes on the event loop once the message has been handed to the socket,
	 * or fails with a {@link ConnectionException}
	 */
	public Mono<Void> push(Frame.Push push, Duration wait) {
		return Mono.create((waiter) -> this.context.ownership()
			.onceSure(this, this.context.time().nanoTime(), () -> new PendingPush(this, push, waiter).begin(wait)));
	}

	@Override
	void receive(Frame.FromAgent frame) {
		switch (frame) {
			case Frame.OfCall ofCall when this.pending != null -> this.pending.receive(ofCall);
			case Frame.OfCall _ -> this.context.metrics().lateAnswer();
			case Frame.Upstream upstream -> this.context.upstream().receive(this, upstream);
		}
	}

	/**
	 * Asks the agent to connect anew. The connection serves calls, even new ones, until
	 * it is {@link #superseded}. A later request takes the place of an earlier one. A
	 * connection that takes no new calls is not asked.
	 * @param request the message to the agent
	 * @param reason the reason to close the connection with, once a newer one has taken
	 * the agent and no call waits on this one
	 */
	public void leave(Frame.GoAway request, DisconnectReason reason) {
		onLoop(() -> {
			if (this.state.accepts()) {
				this.state = ConnectionState.askedToLeave(reason);
				send(OutboundMessage.of(request));
			}
		});
	}

	/**
	 * Called when a newer connection, here or elsewhere, has taken the agent. From then
	 * on, this one takes nothing new. If it was asked to leave, it closes with the reason
	 * of that request, once no call waits. Otherwise it closes as superseded at once.
	 */
	public void superseded() {
		onLoop(() -> {
			DisconnectReason leaveReason = this.state.leaveReason();
			if (leaveReason != null) {
				finish(leaveReason);
			}
			else if (this.state.accepts()) {
				close(DisconnectReason.SUPERSEDED);
			}
		});
	}

	/** Takes nothing new from now on, and closes for the reason once no call waits. */
	public void finish(DisconnectReason reason) {
		onLoop(() -> {
			if (this.state.accepts()) {
				this.state = ConnectionState.leaving(reason);
				calls().onceEmpty(() -> close(reason));
			}
		});
	}

	@Override
	void close(DisconnectReason reason, String text) {
		onLoop(() -> {
			if (!isClosing()) {
				this.state = ConnectionState.CLOSING;
				endCalls(text);
				// Closes in the event loop's next turn, when the welcome is written.
				this.context.loop().execute(() -> this.session.close(new CloseStatus(reason.code(), text)).subscribe());
			}
		});
	}

	/** Whether the connection takes new calls and pushes. */
	public boolean accepts() {
		return this.state.accepts();
	}

	/** Whether the connection serves on, while its agent is asked to connect anew. */
	public boolean isAskedToLeave() {
		return this.state.leaveReason() != null;
	}

	/** Whether the connection is closing or closed. */
	@Override
	public boolean isClosing() {
		return this.state.isClosing();
	}

	@Override
	void end(@Nullable String why) {
		if (!this.state.isEnded()) {
			this.state = ConnectionState.ENDED;
			unwatch();
			endCalls(why);
			this.outbound.end();
			this.context.ended().accept(this);
		}
	}

	private void endCalls(@Nullable String why) {
		if (this.pending != null) {
			this.pending.endAll(why);
		}
	}

	/** Serves the session until it ends. */
	Mono<Void> run() {
		watch();
		Mono<Void> sent = this.session.send(this.outbound);
		return Mono.fromDirect((end) -> {
			sent.subscribe(end);
			// Receives only after the welcome, so that no pong is sent before it.
			this.session.receive().subscribe(this);
		});
	}

	/** Returns the close status, which comes as soon as the session begins to close. */
	Mono<CloseStatus> closeStatus() {
		return this.session.closeStatus();
	}

	/** Returns why the message, a call or a push, may not be sent; null if it may. */
	@Override
	public @Nullable Reason refuse(OutboundMessage message) {
		if (!accepts()) {
			return Reason.CLOSING;
		}
		return (message.size() > this.context.limits().maxFrameBytes()) ? Reason.PAYLOAD_TOO_LARGE : null;
	}

	/** Writes or queues a message; closes the connection if too many bytes are queued. */
	@Override
	public boolean send(OutboundMessage message) {
		boolean sent = this.outbound.send(message, this.context.limits().maxQueuedBytes());
		if (sent && message.isQueued()) {
			keep(message);
		}
		else if (!sent) {
			// Closes later, since the caller first fails the message as too slow.
			this.context.loop().execute(() -> close(DisconnectReason.TOO_SLOW));
		}
		return sent;
	}

	@Override
	OutboundSink outbound() {
		return this.outbound;
	}

	@Override
	public boolean withdraw(OutboundMessage message) {
		return this.outbound.withdraw(message);
	}

	/** Checks the liveness. Drops the {@link PendingCalls} if no call waits any more. */
	@Override
	protected long look(long now) {
		if (!isAwaited()) {
			this.pending = null;
		}
		return isClosing() ? -1 : checkLiveness(now);
	}

	@Override
	public void checkOwner(Runnable then) {
		this.context.ownership().check(this, then);
	}

}
