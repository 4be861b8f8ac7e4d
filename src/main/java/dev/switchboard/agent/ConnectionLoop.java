package dev.switchboard.agent;

import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.switchboard.protocol.Frame;

import org.jspecify.annotations.Nullable;

/**
 * Connects, waits until the connection has ended or has to be replaced, waits for the
 * delay of the {@link ReconnectPolicy}, and connects again. Runs on one thread.
 * {@link #stop} ends the loop. An interrupt ends the loop, too, unless a connection is
 * open.
 */
final class ConnectionLoop implements Runnable {

	private final Dialer dialer;

	private final Supplier<HandshakeIdentity> identities;

	private final Function<HandshakeIdentity, AgentWork> works;

	private final ScheduledExecutorService timer;

	private final Targets targets;

	private final ReconnectPolicy policy;

	private final ConnectionEvents events;

	private final TokenRefresh tokens;

	private volatile @Nullable AgentWork latest;

	/** Whether the next handshake may have other credentials than the last one. */
	private boolean renewable;

	private int refusalsForGood;

	private final Set<GatewayConnection> connections = ConcurrentHashMap.newKeySet();

	private final CompletableFuture<AgentListener.Connected> firstConnected = new CompletableFuture<>();

	private final CompletableFuture<Integer> stopped = new CompletableFuture<>();

	ConnectionLoop(AgentSettings settings, Dialer dialer, Function<HandshakeIdentity, AgentWork> works,
			ScheduledExecutorService timer) {
		this.dialer = dialer;
		this.identities = settings.identities();
		this.works = works;
		this.timer = timer;
		this.tokens = new TokenRefresh(settings.identities(), timer, InstantSource.system());
		this.targets = new Targets(settings.urls());
		this.policy = new ReconnectPolicy(new SplittableRandom(), settings.reconnectMin(), settings.reconnectMax());
		this.events = new ConnectionEvents(settings.listener(), System::nanoTime);
	}

	/** Completes when the gateway has welcomed the agent for the first time. */
	CompletableFuture<AgentListener.Connected> firstConnected() {
		return this.firstConnected;
	}

	/** Completes with the close code after which the agent does not connect again. */
	CompletableFuture<Integer> stopped() {
		return this.stopped;
	}

	/**
	 * Returns the open connections: the newest, and older ones that finish their calls.
	 */
	Set<GatewayConnection> connections() {
		return this.connections;
	}

	@Override
	public void run() {
		try {
			Duration delay = Duration.ZERO;
			while (delay != null) {
				Thread.sleep(delay);
				delay = this.stopped.isDone() ? null : attempt();
			}
		}
		catch (InterruptedException ex) {
			stop();
		}
	}

	/** Ends the loop: it opens no more connections. Does not close the open ones. */
	void stop() {
		stop(WebSocket.NORMAL_CLOSURE);
	}

	private void stop(int code) {
		endWork();
		this.stopped.complete(code);
		this.firstConnected.completeExceptionally(new IllegalStateException("the agent no longer connects: " + code));
	}

	private void endWork() {
		AgentWork last = this.latest;
		if (last != null) {
			last.ended();
		}
	}

	/**
	 * Ends the loop because of the refusal. Both futures fail: {@link #firstConnected}
	 * and {@link #stopped}.
	 */
	private void giveUp(Ending.Refused refused) {
		endWork();
		RuntimeException failure = new IllegalStateException(
				"the gateway refuses this agent, and no further attempt can help: "
						+ Refusals.describe(refused.status()),
				refused.cause());
		this.stopped.completeExceptionally(failure);
		this.firstConnected.completeExceptionally(failure);
	}

	private @Nullable Duration attempt() throws InterruptedException {
		URI url = this.targets.next();
		Ending ending = connect(url);
		boolean followed = this.targets.ended(ending);
		boolean hopeless = isHopeless(ending);
		Duration delay = (hopeless || this.stopped.isDone()) ? null
				: this.policy.delayAfter(ending, this.targets.hasOthersToTry());
		this.events.ended(url, ending, followed, delay);
		if (hopeless && ending instanceof Ending.Refused refused) {
			giveUp(refused);
		}
		if (delay == null && ending instanceof Ending.Closed closed) {
			stop(closed.code());
		}
		return delay;
	}

	/**
	 * Whether no further attempt can help: the agent was never connected, and all URLs,
	 * one after the other, have refused the handshake for good. An agent that was
	 * connected once goes on, because its settings have worked.
	 */
	private boolean isHopeless(Ending ending) {
		boolean forGood = ending instanceof Ending.Refused refused
				&& Refusals.isForGood(refused.status(), this.renewable);
		this.refusalsForGood = forGood ? this.refusalsForGood + 1 : 0;
		return this.refusalsForGood >= this.targets.count() && !this.firstConnected.isDone();
	}

	private Ending connect(URI url) throws InterruptedException {
		HandshakeIdentity identity;
		GatewayConnection connection;
		Ending failure;
		try {
			identity = this.identities.get();
			this.renewable = identity.renewable();
			AgentWork work = this.works.apply(identity);
			connection = new GatewayConnection(work, this.timer);
			opening(work);
			failure = this.dialer.open(url, identity, connection);
		}
		catch (RuntimeException ex) {
			// The application's token supplier failed, or returned no token.
			return new Ending.Unreachable(ex);
		}
		return (failure != null) ? failure : serve(url, identity, connection);
	}

	private void opening(AgentWork work) {
		this.latest = work;
		work.opening();
	}

	// An interrupt does not end the wait. Whoever stops the loop closes the connection,
	// too, which ends the wait.
	private Ending serve(URI url, HandshakeIdentity identity, GatewayConnection connection) {
		this.connections.add(connection);
		connection.closed().thenRun(() -> this.connections.remove(connection));
		if (this.stopped.isDone()) {
			connection.lost("the agent was closed");
		}
		Object first = CompletableFuture.anyOf(connection.welcome(), connection.ending()).join();
		if (first instanceof Frame.Welcome welcome) {
			this.tokens.keep(identity, connection);
			welcomed(connection, welcome,
					new AgentListener.Connected(url, welcome.node(), welcome.connectionId(), welcome.epoch()));
		}
		return connection.ending().join();
	}

	private void welcomed(GatewayConnection connection, Frame.Welcome welcome, AgentListener.Connected connected) {
		this.policy.welcomed(welcome);
		for (GatewayConnection other : this.connections) {
			if (other != connection) {
				other.retire();
			}
		}
		this.firstConnected.complete(connected);
		this.events.connected(connected);
	}

}
