package dev.switchboard.connection;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.directory.Claim;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.transport.EventLoopSession;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * One live attachment of an agent to this node, and the calls that wait on it. The public
 * methods may be used from any thread; the state behind them belongs to the connection's
 * event loop.
 */
public final class AgentConnection {

	private static final Logger LOG = LoggerFactory.getLogger(AgentConnection.class);

	/** How long a connection on which a call waits may be quiet before it is asked. */
	private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final ConnectionId id = ConnectionId.random();

	private final AgentCredentials credentials;

	private final long epoch;

	private final Instant connectedAt;

	private final @Nullable String remoteAddress;

	private final EventLoopSession session;

	private final ConnectionLimits limits;

	private final ConnectionMetrics metrics;

	private final Outbound outbound;

	private final PendingCalls pending = new PendingCalls();

	private long lastPingNanos;

	private volatile @Nullable DisconnectReason closing;

	private volatile boolean ended;

	AgentConnection(AgentCredentials credentials, long epoch, Instant connectedAt, @Nullable String remoteAddress,
			EventLoopSession session, ConnectionLimits limits, ConnectionMetrics metrics) {
		this.credentials = credentials;
		this.epoch = epoch;
		this.connectedAt = connectedAt;
		this.remoteAddress = remoteAddress;
		this.session = session;
		this.limits = limits;
		this.metrics = metrics;
		this.outbound = new Outbound(limits.maxQueuedBytes());
		this.lastPingNanos = session.lastHeardNanos();
	}

	public ConnectionId id() {
		return this.id;
	}

	public AgentId agent() {
		return this.credentials.agent();
	}

	/** What the directory shall know of it. */
	Claim claim() {
		return new Claim(agent(), this.id, this.epoch, this.connectedAt, this.remoteAddress);
	}

	public long epoch() {
		return this.epoch;
	}

	public Instant connectedAt() {
		return this.connectedAt;
	}

	public @Nullable String remoteAddress() {
		return this.remoteAddress;
	}

	/** How long ago bytes last came from the agent, in nanoseconds. */
	public long quietNanos() {
		return System.nanoTime() - this.session.lastHeardNanos();
	}

	EventExecutor eventLoop() {
		return this.session.eventLoop();
	}

	/**
	 * Sends a call and waits for its answer.
	 * @return the agent's answer; an error of {@link ConnectionException} otherwise,
	 * never later than the call's time to live. Cancelling it cancels the call. Completes
	 * on the event loop.
	 */
	public Mono<Answer> call(AgentCall call) {
		return Mono.create((waiter) -> {
			waiter.onDispose(() -> onLoop(() -> abandon(call.id())));
			onLoop(() -> begin(call, waiter));
		});
	}

	private void begin(AgentCall call, MonoSink<Answer> waiter) {
		byte[] bytes = FrameCodec.encode(new Frame.Call(call.id(), call.method(), call.timeToLive().toMillis(),
				call.traceparent(), call.payload()));
		PendingCall waiting = new PendingCall(call, waiter, OutboundMessage.text(bytes));
		Reason refused = refuse(bytes.length);
		if (refused != null) {
			waiting.fail(refused);
			return;
		}
		if (!send(waiting.message())) {
			waiting.fail(Reason.TOO_SLOW);
			return;
		}
		if (isClosing()) {
			waiting.disconnect();
			return;
		}
		this.pending.add(waiting);
		waiting.expiresBy(
				eventLoop().schedule(() -> expire(call.id()), call.timeToLive().toNanos(), TimeUnit.NANOSECONDS));
		pingIfQuiet(System.nanoTime(), QUIET_NANOS);
	}

	private @Nullable Reason refuse(int bytes) {
		if (isClosing()) {
			return Reason.GONE;
		}
		if (bytes > this.limits.maxFrameBytes()) {
			return Reason.PAYLOAD_TOO_LARGE;
		}
		return (this.pending.size() >= this.limits.maxInFlight()) ? Reason.TOO_MANY_IN_FLIGHT : null;
	}

	private void expire(CallId id) {
		PendingCall expired = this.pending.remove(id);
		if (expired != null) {
			expired.fail(takeBack(expired) ? Reason.DEADLINE_UNSENT : Reason.DEADLINE);
		}
	}

	private void abandon(CallId id) {
		PendingCall abandoned = this.pending.remove(id);
		if (abandoned != null) {
			abandoned.stopClock();
			takeBack(abandoned);
		}
	}

	// Tells the agent that nobody waits any more, unless it never heard of the call.
	private boolean takeBack(PendingCall call) {
		if (this.outbound.withdraw(call.message())) {
			return true;
		}
		send(OutboundMessage.text(FrameCodec.encode(new Frame.Cancel(call.call().id()))));
		return false;
	}

	/**
	 * Sends a message that expects no result.
	 * @return completes on the event loop once the message has been handed to the socket;
	 * an error of {@link ConnectionException} otherwise
	 */
	public Mono<Void> push(Frame.Push push) {
		return Mono.create((waiter) -> onLoop(() -> {
			byte[] bytes = FrameCodec.encode(push);
			if (isClosing()) {
				waiter.error(new ConnectionException(Reason.GONE));
			}
			else if (bytes.length > this.limits.maxFrameBytes()) {
				waiter.error(new ConnectionException(Reason.PAYLOAD_TOO_LARGE));
			}
			else if (!send(OutboundMessage.text(bytes, waiter))) {
				waiter.error(new ConnectionException(Reason.TOO_SLOW));
			}
		}));
	}

	/** Takes a frame from the agent; on the event loop. */
	void receive(Frame.FromAgent frame) {
		switch (frame) {
			case Frame.Result result -> answer(result.id(), new Answer.Completed(result.payload()));
			case Frame.Error error ->
				answer(error.id(), new Answer.Rejected(error.code(), error.message(), error.payload()));
			case Frame.Chunk chunk -> pass(chunk);
			case Frame.Accept accept -> {
				if (this.pending.find(accept.id()) == null) {
					this.metrics.lateAnswer();
				}
			}
			case Frame.Hello hello -> LOG.debug("{} is version {}", agent(), hello.agentVersion());
			case Frame.Ack _, Frame.Event _, Frame.AuthRefresh _ -> this.metrics.ignoredFrame();
		}
	}

	private void pass(Frame.Chunk chunk) {
		PendingCall call = this.pending.find(chunk.id());
		if (call == null) {
			this.metrics.lateAnswer();
		}
		else if (!call.chunk(chunk.payload())) {
			this.pending.remove(chunk.id());
			takeBack(call);
			call.fail(Reason.CALLER_TOO_SLOW);
		}
	}

	private void answer(CallId id, Answer answer) {
		PendingCall call = this.pending.remove(id);
		if (call != null) {
			this.metrics.answered(call);
			call.answer(answer);
		}
		else {
			this.metrics.lateAnswer();
		}
	}

	/**
	 * Fails the call whose answer was too big for the frame limit.
	 * @param id the call that the message names, if it could be found; else it is the
	 * only one that waits, if there is just one
	 */
	void resultTooLarge(@Nullable CallId id) {
		PendingCall only = this.pending.only();
		CallId broken = (id == null && only != null) ? only.call().id() : id;
		PendingCall call = (broken != null) ? this.pending.remove(broken) : null;
		if (call != null) {
			call.fail(Reason.RESULT_TOO_LARGE);
		}
	}

	/**
	 * Closes the connection; the calls that wait on it fail at once. The first reason
	 * stands.
	 */
	public void close(DisconnectReason reason) {
		onLoop(() -> {
			if (!isClosing()) {
				this.closing = reason;
				this.pending.removeAll(PendingCall::disconnect);
				// In the loop's next turn the welcome, at the least, is on its way.
				eventLoop().execute(() -> closeSession(reason));
			}
		});
	}

	private void closeSession(DisconnectReason reason) {
		this.session.close(new CloseStatus(reason.code(), reason.text())).subscribe();
		end();
	}

	/** Why the gateway closed the connection; null if it did not. */
	@Nullable DisconnectReason closing() {
		return this.closing;
	}

	/** Whether it takes nothing new any more. */
	public boolean isClosing() {
		return this.closing != null || this.ended;
	}

	/** Fails what waits, because the socket has ended; on the event loop. */
	void end() {
		this.ended = true;
		this.pending.removeAll(PendingCall::disconnect);
		this.outbound.discard();
	}

	/** What the transport writes. */
	Flux<WebSocketMessage> outbound() {
		return this.outbound.messages();
	}

	/**
	 * Bytes that wait for the agent; from any thread, give or take what moves meanwhile.
	 */
	long queuedBytes() {
		return this.outbound.queuedBytes();
	}

	/** Queues a message; an agent that has too many waiting is closed. */
	boolean send(OutboundMessage message) {
		boolean sent = this.outbound.send(message);
		if (!sent && !isClosing()) {
			close(DisconnectReason.TOO_SLOW);
		}
		return sent;
	}

	/**
	 * Looks whether the agent is still there, and asks or closes if it does not seem so;
	 * on the event loop.
	 */
	void checkLiveness(long now, Instant wallClock) {
		long quiet = now - this.session.lastHeardNanos();
		boolean waiting = this.pending.size() > 0;
		if (quiet >= 2 * this.limits.heartbeatNanos() || (waiting && hasIgnoredPing(now))) {
			close(DisconnectReason.HEARTBEAT_MISSED);
		}
		else if (this.credentials.expiresAt() != null && !wallClock.isBefore(this.credentials.expiresAt())) {
			close(DisconnectReason.CREDENTIALS_EXPIRED);
		}
		else {
			pingIfQuiet(now,
					waiting ? Math.min(QUIET_NANOS, this.limits.heartbeatNanos()) : this.limits.heartbeatNanos());
		}
	}

	private boolean hasIgnoredPing(long now) {
		return wasPingedSinceHeard() && now - this.lastPingNanos >= QUIET_NANOS;
	}

	private void pingIfQuiet(long now, long bound) {
		if (now - this.session.lastHeardNanos() >= bound && !wasPingedSinceHeard()) {
			this.lastPingNanos = now;
			send(OutboundMessage.ping());
		}
	}

	private boolean wasPingedSinceHeard() {
		return this.lastPingNanos - this.session.lastHeardNanos() > 0;
	}

	private void onLoop(Runnable task) {
		if (eventLoop().inEventLoop()) {
			task.run();
		}
		else {
			eventLoop().execute(task);
		}
	}

}
