package dev.switchboard.agent;

import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.switchboard.protocol.Frame;

import org.jspecify.annotations.Nullable;

/**
 * Connects, waits until the connection has to be replaced, waits as long as the policy
 * says, and again. One thread, which an interrupt ends.
 */
final class ConnectionLoop implements Runnable {

	private static final Logger LOGGER = System.getLogger(ConnectionLoop.class.getName());

	private final Handshake handshake;

	private final Supplier<Credential> credentials;

	private final Function<Credential, AgentSession> sessions;

	private final ScheduledExecutorService timer;

	private final Route route;

	private final ReconnectPolicy policy;

	private volatile @Nullable AgentSession latest;

	private final Set<GatewayConnection> connections = ConcurrentHashMap.newKeySet();

	private final CompletableFuture<Frame.Welcome> firstWelcome = new CompletableFuture<>();

	private final CompletableFuture<Integer> stopped = new CompletableFuture<>();

	ConnectionLoop(AgentSettings settings, Handshake handshake, Function<Credential, AgentSession> sessions,
			ScheduledExecutorService timer) {
		this.handshake = handshake;
		this.credentials = settings.credentials();
		this.sessions = sessions;
		this.timer = timer;
		this.route = new Route(settings.urls());
		this.policy = new ReconnectPolicy(new SplittableRandom(), settings.reconnectMin(), settings.reconnectMax());
	}

	CompletableFuture<Frame.Welcome> firstWelcome() {
		return this.firstWelcome;
	}

	/** Completes with the close code after which the agent stays away. */
	CompletableFuture<Integer> stopped() {
		return this.stopped;
	}

	/** The open connections: one, and those that finish their calls. */
	Set<GatewayConnection> connections() {
		return this.connections;
	}

	@Override
	public void run() {
		try {
			Duration delay = Duration.ZERO;
			while (delay != null && !this.stopped.isDone()) {
				Thread.sleep(delay);
				delay = attempt();
			}
		}
		catch (InterruptedException ex) {
			stop();
		}
	}

	/** Nobody waits for a connection any more. */
	void stop() {
		stop(WebSocket.NORMAL_CLOSURE);
	}

	private void stop(int code) {
		AgentSession last = this.latest;
		if (last != null) {
			last.ended();
		}
		this.stopped.complete(code);
		this.firstWelcome.completeExceptionally(new IllegalStateException("the agent stays away: " + code));
	}

	private @Nullable Duration attempt() throws InterruptedException {
		URI target = this.route.next();
		Ending ending = attach(target);
		Duration delay = this.policy.delayAfter(ending);
		this.route.ended(ending);
		LOGGER.log(Level.DEBUG, "{0} at {1}; next attempt in {2}", ending, target, delay);
		if (delay == null && ending instanceof Ending.Closed closed) {
			LOGGER.log(Level.WARNING, () -> "The gateway closed with " + closed.code() + "; the agent stays away");
			stop(closed.code());
		}
		return delay;
	}

	private Ending attach(URI target) throws InterruptedException {
		AgentSession session;
		GatewayConnection connection;
		Ending failure;
		try {
			Credential credential = this.credentials.get();
			session = this.sessions.apply(credential);
			connection = new GatewayConnection(session, this.timer);
			opening(session);
			failure = this.handshake.open(target, credential, connection);
		}
		catch (RuntimeException ex) {
			// The application's token supplier failed, or gave what no header can hold.
			LOGGER.log(Level.WARNING, "No credential to connect with", ex);
			return new Ending.Unreachable("no credential");
		}
		return (failure != null) ? failure : serve(connection);
	}

	private void opening(AgentSession session) {
		this.latest = session;
		session.opening();
	}

	private Ending serve(GatewayConnection connection) throws InterruptedException {
		this.connections.add(connection);
		var _ = connection.closed().thenRun(() -> this.connections.remove(connection));
		try {
			Object first = CompletableFuture.anyOf(connection.welcome(), connection.ending()).get();
			if (first instanceof Frame.Welcome welcome) {
				welcomed(connection, welcome);
			}
			return connection.ending().get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void welcomed(GatewayConnection connection, Frame.Welcome welcome) {
		this.policy.welcomed(welcome);
		for (GatewayConnection other : this.connections) {
			if (other != connection) {
				other.retire();
			}
		}
		this.firstWelcome.complete(welcome);
	}

}
