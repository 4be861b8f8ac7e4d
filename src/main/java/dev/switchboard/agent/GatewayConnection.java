package dev.switchboard.agent;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;

import org.jspecify.annotations.Nullable;

/**
 * One WebSocket to a gateway, from its opening to its close. Thread-safe. Only
 * {@link #chunk} blocks.
 */
final class GatewayConnection {

	private static final long WELCOME_HEARTBEAT_MILLIS = 5000;

	/**
	 * How long a replaced connection without a call stays open if the gateway does not
	 * close it. Calls may still come to this connection until all nodes know the newer
	 * one.
	 */
	private static final long LINGER_MILLIS = 60_000;

	private static final long CLOSE_MILLIS = 5000;

	private static final int FIRST_MAX_FRAME = 1 << 20;

	private static final int SLACK = 64 * 1024;

	private final AgentWork work;

	private final ScheduledExecutorService timer;

	private final CompletableFuture<Frame.Welcome> welcome = new CompletableFuture<>();

	private final CompletableFuture<Ending> ending = new CompletableFuture<>();

	private final CompletableFuture<Integer> closed = new CompletableFuture<>();

	private final Outbox outbox = new Outbox(() -> lost("a write failed"));

	private final Heartbeat heartbeat = new Heartbeat(System::nanoTime, this::ping,
			() -> lost("the gateway was silent"));

	private final AtomicInteger calls = new AtomicInteger();

	private final long openedAt = System.nanoTime();

	private volatile @Nullable WebSocket socket;

	private volatile long maxFrameBytes = FIRST_MAX_FRAME;

	private volatile boolean retiring;

	private volatile boolean answered;

	private volatile String reason = "";

	GatewayConnection(AgentWork work, ScheduledExecutorService timer) {
		this.work = work;
		this.timer = timer;
		this.closed.thenAccept(this::ended);
	}

	/** Completes with the gateway's first message. */
	CompletableFuture<Frame.Welcome> welcome() {
		return this.welcome;
	}

	/** Completes when the agent needs a new connection. */
	CompletableFuture<Ending> ending() {
		return this.ending;
	}

	/** Completes with the close code when the socket has closed. */
	CompletableFuture<Integer> closed() {
		return this.closed;
	}

	void opened(WebSocket opened) {
		this.socket = opened;
		this.outbox.open(opened);
		this.heartbeat.heard();
		this.heartbeat.start(this.timer, WELCOME_HEARTBEAT_MILLIS);
	}

	/** Records that bytes came from the gateway. */
	void heard() {
		this.heartbeat.heard();
	}

	/** Returns the number of characters that a message may have. */
	long maxMessageLength() {
		return this.maxFrameBytes + SLACK;
	}

	void receive(Frame.FromGateway frame) {
		switch (frame) {
			case Frame.Call call -> this.work.calls().dispatch(call, this);
			case Frame.Cancel cancel -> this.work.calls().cancel(cancel.id());
			case Frame.Push push -> this.work.pushes().dispatch(push, this);
			case Frame.Welcome first -> welcomed(first);
			case Frame.GoAway goAway -> this.ending.complete(new Ending.Leaving(goAway));
			case Frame.EventAck ack -> this.work.events().acknowledged(ack.id());
			case Frame.EventError error -> this.work.events().refused(error);
		}
	}

	private void welcomed(Frame.Welcome first) {
		this.maxFrameBytes = Math.min(first.maxFrameBytes(), Integer.MAX_VALUE);
		this.heartbeat.start(this.timer, first.heartbeatMillis());
		this.work.calls().limit(first.maxInFlight());
		this.outbox.send(FrameCodec.encode(this.work.hello()));
		this.work.events().connected(this);
		this.welcome.complete(first);
	}

	/** Sends an event, or a fresh token. */
	void send(byte[] message) {
		this.outbox.send(message);
	}

	/** Sends the acknowledgement of a push. */
	void acknowledge(byte[] message) {
		this.outbox.send(message);
	}

	/**
	 * Sends a call's answer. If it is longer than a frame may be, sends an error instead.
	 */
	void answer(CallId id, byte[] message) {
		this.answered = true;
		boolean fits = message.length <= this.maxFrameBytes;
		this.outbox.send(fits ? message : FrameCodec
			.encode(new Frame.Error(id, "result-too-large", "the result is bigger than a frame may be", null)));
	}

	/** Sends a part of an answer. Blocks while the gateway is slow to read. */
	void chunk(byte[] message) throws InterruptedException {
		if (message.length > this.maxFrameBytes) {
			throw new IllegalArgumentException("the chunk is bigger than a frame may be");
		}
		this.outbox.sendWhenRoom(message);
	}

	void callBegan() {
		this.calls.incrementAndGet();
	}

	void callEnded() {
		if (this.calls.decrementAndGet() == 0 && this.retiring) {
			closeSoon();
		}
	}

	/**
	 * Lets the gateway close this connection, since a newer one has taken its place. If
	 * the gateway does not, closes the connection a while after its last call.
	 */
	void retire() {
		this.retiring = true;
		if (this.calls.get() == 0) {
			closeSoon();
		}
	}

	// Waits first, since a call may still be on its way to this connection.
	private void closeSoon() {
		after(LINGER_MILLIS, () -> {
			if (this.calls.get() == 0) {
				close(WebSocket.NORMAL_CLOSURE, "connected anew");
			}
		});
	}

	/**
	 * Closes the socket after the queued messages have been sent. If the gateway does not
	 * close its side in time, gives the socket up.
	 */
	void close(int code, String text) {
		this.reason = text;
		this.outbox.close(code, text);
		after(CLOSE_MILLIS, () -> lost(text));
	}

	private void after(long millis, Runnable action) {
		if (!this.closed.isDone() && !this.timer.isShutdown()) {
			this.timer.schedule(action, millis, TimeUnit.MILLISECONDS);
		}
	}

	/** Closes because the gateway broke the protocol. */
	void violated(String how) {
		int code = DisconnectReason.PROTOCOL_VIOLATION.code();
		String text = how.substring(0, Math.min(how.length(), 100));
		this.ending.complete(closing(code, text));
		close(code, text);
	}

	private void ping() {
		WebSocket open = this.socket;
		if (open != null) {
			open.sendPing(ByteBuffer.allocate(0));
		}
	}

	/** Records that the gateway has closed the socket. */
	void closed(int code, String text) {
		if (!text.isEmpty()) {
			this.reason = text;
		}
		this.closed.complete(code);
	}

	/** Gives the socket up without a close handshake. */
	void lost(String how) {
		if (this.reason.isEmpty()) {
			this.reason = how;
		}
		WebSocket open = this.socket;
		if (open != null) {
			open.abort();
		}
		this.closed.complete(Ending.LOST);
	}

	private void ended(int code) {
		this.heartbeat.stop();
		this.outbox.discard();
		this.ending.complete(closing(code, this.reason));
	}

	private Ending closing(int code, String text) {
		Duration lived = Duration.ofNanos(System.nanoTime() - this.openedAt);
		return new Ending.Closed(code, text, this.work.isTakenOverHere(), lived, this.answered);
	}

}
