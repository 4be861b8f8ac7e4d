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

import dev.switchboard.json.Payload;

/**
 * An agent: holds a connection to a gateway, connects again whenever the connection is
 * lost, answers calls, and sends events. Needs only the JDK. Logs with
 * {@link System.Logger}, under the name of this class. Thread-safe.
 */
public final class SwitchboardAgent implements AutoCloseable {

	private static final int KEPT_ANSWERS = 1024;

	private static final long KEPT_BYTES = 4 << 20;

	private static final Duration KEPT_FOR = Duration.ofMinutes(5);

	private static final int WAITING_PUSHES = 1024;

	private static final int KEPT_PUSHES = 10_000;

	private static final Duration PUSHES_KEPT_FOR = Duration.ofHours(24);

	private static final int FIRST_LIMIT = 64;

	private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

	private final AgentSettings settings;

	private final HttpClient client;

	private final ScheduledThreadPoolExecutor timer;

	private final CallDispatcher calls;

	private final EventOutbox events;

	private final ConnectionLoop loop;

	private final Thread thread;

	SwitchboardAgent(AgentSettings settings) {
		this.settings = settings;
		this.client = (settings.client() != null) ? settings.client()
				: HttpClient.newBuilder().executor(Executors.newVirtualThreadPerTaskExecutor()).build();
		this.timer = new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("switchboard-timer").factory());
		this.timer.setRemoveOnCancelPolicy(true);
		this.calls = new CallDispatcher(settings.handlers(),
				new BoundedExecutor(settings.executor(), FIRST_LIMIT, FIRST_LIMIT), answers(), this.timer);
		PushDispatcher pushes = new PushDispatcher(settings.pushHandlers(),
				new BoundedExecutor(settings.executor(), 1, WAITING_PUSHES),
				new ProcessedPushes(KEPT_PUSHES, PUSHES_KEPT_FOR, System::nanoTime));
		this.events = new EventOutbox(this.timer);
		this.loop = new ConnectionLoop(settings, new Dialer(this.client),
				(identity) -> new AgentWork(this.calls, pushes, this.events, settings.hello(), identity.agent()),
				this.timer);
		this.thread = Thread.ofVirtual().name("switchboard-agent").unstarted(this.loop);
	}

	private static AnswerCache answers() {
		return new AnswerCache(KEPT_ANSWERS, KEPT_BYTES, KEPT_FOR, System::nanoTime);
	}

	/** Returns a builder without settings. */
	public static AgentBuilder builder() {
		return new AgentBuilder();
	}

	/**
	 * Starts to connect, and tries until an attempt succeeds. May be called only once.
	 * @return completes when the agent is connected for the first time. Fails with
	 * {@link IllegalStateException} if the agent is closed before that, or if all
	 * gateways refuse it for good: with 400, or with 401 if the agent has no token
	 */
	public CompletableFuture<AgentListener.Connected> start() {
		this.thread.start();
		return this.loop.firstConnected().copy();
	}

	/**
	 * Sends an event to the event log. Never blocks. The agent keeps the event until it
	 * is acknowledged, and sends it again on each new connection. It keeps up to 1,000
	 * events or 4 MiB.
	 * @param subject what the event is about, in 1 to 256 printable ASCII characters
	 * @param payload the event's data
	 * @return completes when the event is in the event log. Fails with an
	 * {@link EventRefusedException} if the agent has no room for the event, if the
	 * gateway refuses it for good, or if the agent is closed before
	 */
	public CompletableFuture<Void> event(String subject, Payload payload) {
		return this.events.add(subject, payload);
	}

	/**
	 * Completes when the agent no longer tries to connect, with the code of the last
	 * close: 4501 (this process opened a newer connection), or 1000 after {@link #close}.
	 * Fails if {@link #start} has failed for good.
	 */
	public CompletableFuture<Integer> stopped() {
		return this.loop.stopped().copy();
	}

	/**
	 * Refuses new calls, waits for the running calls, sends their answers, and closes the
	 * connections. Cancels the calls that still run after
	 * {@link AgentBuilder#closeGrace}. Blocks. The listener may call this method.
	 */
	@Override
	public void close() {
		this.calls.close();
		this.loop.stop();
		boolean byTheLoop = Thread.currentThread() == this.thread;
		if (!byTheLoop) {
			this.thread.interrupt();
		}
		try {
			this.calls.awaitIdle(this.settings.closeGrace().toNanos());
			closeConnections();
			this.loop.connections().forEach((connection) -> connection.lost("the agent was closed"));
			if (!byTheLoop && this.thread.isAlive()) {
				this.thread.join(CLOSE_PATIENCE);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.loop.connections().forEach((connection) -> connection.lost("the agent was closed"));
		this.events.close();
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
			CompletableFuture.allOf(closed).get(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			// Connections that are still open are aborted next.
		}
	}

}
