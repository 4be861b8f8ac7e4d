package dev.switchboard.agent;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.switchboard.protocol.Frame;

/**
 * An agent: holds a connection to a gateway, comes back whenever it is lost, and answers
 * calls. Needs nothing but the JDK. Thread-safe.
 */
public final class SwitchboardAgent implements AutoCloseable {

	private static final int KEPT_ANSWERS = 1024;

	private static final long KEPT_BYTES = 4 << 20;

	private static final Duration KEPT_FOR = Duration.ofMinutes(5);

	private static final int WAITING_PUSHES = 1024;

	private static final int FIRST_LIMIT = 64;

	private static final long CLOSE_HANDSHAKE_SECONDS = 2;

	private final AgentSettings settings;

	private final HttpClient client;

	private final ScheduledThreadPoolExecutor timer;

	private final CallDispatcher calls;

	private final ConnectionLoop loop;

	private final Thread thread;

	SwitchboardAgent(AgentSettings settings) {
		this.settings = settings;
		this.client = (settings.client() != null) ? settings.client()
				: HttpClient.newBuilder().executor(Executors.newVirtualThreadPerTaskExecutor()).build();
		this.timer = new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("switchboard-timer").factory());
		this.timer.setRemoveOnCancelPolicy(true);
		this.calls = new CallDispatcher(settings.handlers(), new Lane(settings.executor(), FIRST_LIMIT, FIRST_LIMIT),
				answers(), this.timer);
		PushDispatcher pushes = new PushDispatcher(settings.pushHandlers(),
				new Lane(settings.executor(), 1, WAITING_PUSHES), answers());
		this.loop = new ConnectionLoop(settings, new Handshake(this.client),
				(credential) -> new AgentSession(this.calls, pushes, settings.hello(), credential.agent()), this.timer);
		this.thread = Thread.ofVirtual().name("switchboard-agent").unstarted(this.loop);
	}

	private static AnswerCache answers() {
		return new AnswerCache(KEPT_ANSWERS, KEPT_BYTES, KEPT_FOR, System::nanoTime);
	}

	/** Begins to describe an agent. */
	public static AgentBuilder builder() {
		return new AgentBuilder();
	}

	/**
	 * Starts to connect, for as long as it takes. Once only.
	 * @return completes with the first welcome; fails if the agent is closed, or told to
	 * stay away, before
	 */
	public CompletableFuture<Frame.Welcome> start() {
		this.thread.start();
		return this.loop.firstWelcome().copy();
	}

	/**
	 * Completes when the agent no longer tries to be connected, with the code that it was
	 * closed with: 4500 (revoked), 4501 (this process opened a newer connection), or 1000
	 * after {@link #close}.
	 */
	public CompletableFuture<Integer> stopped() {
		return this.loop.stopped().copy();
	}

	/**
	 * Refuses new calls, waits for the running ones (but no longer than the grace of the
	 * builder, then cancels them), sends their answers and closes. Blocks.
	 */
	@Override
	public void close() {
		this.calls.close();
		this.loop.stop();
		this.thread.interrupt();
		try {
			this.calls.awaitIdle(this.settings.closeGrace().toNanos());
			closeConnections();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.loop.connections().forEach(GatewayConnection::lost);
		this.timer.shutdownNow();
		if (this.settings.client() == null) {
			this.client.shutdownNow();
		}
	}

	private void closeConnections() throws InterruptedException {
		List<GatewayConnection> open = List.copyOf(this.loop.connections());
		open.forEach((connection) -> connection.close(WebSocket.NORMAL_CLOSURE, "agent closes"));
		CompletableFuture<?>[] closed = open.stream()
			.map(GatewayConnection::closed)
			.toArray(CompletableFuture<?>[]::new);
		try {
			CompletableFuture.allOf(closed).get(CLOSE_HANDSHAKE_SECONDS, TimeUnit.SECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			// What has not closed by now is aborted next.
		}
	}

}
