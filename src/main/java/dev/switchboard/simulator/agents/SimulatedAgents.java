package dev.switchboard.simulator.agents;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.switchboard.simulator.Connects;
import dev.switchboard.protocol.Frame;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Simulated agents, each with its connection. They begin to connect on construction, and
 * {@link #close} closes every connection. Thread-safe.
 */
public final class SimulatedAgents implements AutoCloseable {

	private static final long CLOSE_SECONDS = 10;

	private final AgentOptions options;

	private final AgentStats stats;

	private final Bootstrap bootstrap;

	private final List<Target> targets;

	private final AtomicReferenceArray<@Nullable Channel> channels;

	private final ReconnectDelays backoff = new ReconnectDelays();

	private final Connector connector;

	private final @Nullable EventSender events;

	private final AgentMessages messages;

	/** The old connections of agents that connect anew, until the gateway closes them. */
	private final Set<Channel> replaced = ConcurrentHashMap.newKeySet();

	private volatile boolean closing;

	public SimulatedAgents(AgentOptions options, Sockets sockets, AgentStats stats) {
		this.options = options;
		this.stats = stats;
		this.bootstrap = sockets.bootstrap();
		this.targets = options.targets();
		this.channels = new AtomicReferenceArray<>(options.agents);
		this.events = options.events.areSent() ? events(sockets.loops().next()) : null;
		this.messages = new AgentMessages(this, this.events);
		this.connector = new Connector(sockets.loops().next(), stats, options.rate, this::open);
		for (int i = 0; i < options.agents; i++) {
			this.connector.add(new Connector.Attempt(i, 0));
		}
	}

	private EventSender events(EventExecutor loop) {
		EventStats counts = new EventStats();
		this.stats.events = counts;
		return new EventSender(this.options, loop, counts, this.channels::get);
	}

	private void open(Connector.Attempt attempt) {
		this.stats.connecting.incrementAndGet();
		Target target = (attempt.target() != null) ? attempt.target()
				: this.targets.get(ThreadLocalRandom.current().nextInt(this.targets.size()));
		SimulatedAgent agent = new SimulatedAgent(this, attempt, target);
		Bootstrap mine = this.bootstrap.clone().handler(agent);
		InetSocketAddress source = this.options.source(attempt.agent());
		InetSocketAddress remote = target.address();
		ChannelFuture connecting = (source != null) ? mine.connect(remote, source) : mine.connect(remote);
		connecting.addListener((done) -> {
			Throwable cause = done.cause();
			if (cause != null) {
				agent.fail(cause);
			}
		});
	}

	AgentOptions options() {
		return this.options;
	}

	public AgentStats stats() {
		return this.stats;
	}

	AgentMessages messages() {
		return this.messages;
	}

	ReconnectDelays backoff() {
		return this.backoff;
	}

	void opened(int agent, Channel channel) {
		this.stats.connecting.decrementAndGet();
		this.stats.connected.incrementAndGet();
		this.channels.set(agent, channel);
		this.messages.opened(agent, channel);
		if (this.closing) {
			var _ = channel.close();
		}
	}

	void failed(Connector.Attempt attempt, String reason, long retryAfterMillis) {
		this.stats.connecting.decrementAndGet();
		this.stats.failures.add(reason);
		int failures = attempt.failures() + 1;
		reconnectAfter(this.backoff.afterFailure(failures, retryAfterMillis),
				new Connector.Attempt(attempt.agent(), failures));
	}

	/**
	 * Counts a connection that has ended. If this was the agent's current connection, the
	 * agent connects again, unless the close code or the options forbid that.
	 */
	void closed(int agent, Channel channel, int code) {
		this.stats.connected.decrementAndGet();
		this.stats.closes.add(Integer.toString(code));
		this.replaced.remove(channel);
		long delay = this.backoff.afterClose(code);
		if (this.channels.compareAndSet(agent, channel, null) && delay != ReconnectDelays.NEVER) {
			reconnectAfter(delay, new Connector.Attempt(agent, 0));
		}
	}

	/**
	 * Connects the agent anew, because the gateway has asked for that; does nothing if
	 * the options forbid it. The gateway closes the old connection later. After a
	 * failure, the agent returns to the configured target.
	 */
	void replace(int agent, Channel old, Frame.GoAway goAway) {
		boolean follows = this.options.reconnect && !this.options.ignoreGoAway;
		if (follows && this.channels.compareAndSet(agent, old, null)) {
			this.replaced.add(old);
			reconnectAfter(goAway.reconnectAfterMillis(), new Connector.Attempt(agent, 0, target(goAway)));
		}
	}

	private static @Nullable Target target(Frame.GoAway goAway) {
		try {
			return (goAway.url() != null) ? Target.of(URI.create(goAway.url()), "ws", "/v1/connect") : null;
		}
		catch (IllegalArgumentException ex) {
			return null; // For example a URL with TLS, which the simulator does not know.
		}
	}

	private void reconnectAfter(long delayMillis, Connector.Attempt attempt) {
		if (this.options.reconnect && !this.closing) {
			this.connector.addAfter(delayMillis, attempt);
		}
	}

	/**
	 * Waits until all agents are connected. Does not wait for an agent that has failed
	 * and does not try again. The signal ends the wait early.
	 * @return whether all are connected
	 */
	public boolean awaitConnected(StopSignal stop) {
		await(stop, () -> isConnected() || (!this.options.reconnect && this.stats.settled() >= this.options.agents));
		return isConnected();
	}

	public boolean isConnected() {
		return this.stats.connected.get() == this.options.agents;
	}

	/**
	 * Sends no new events, and waits a limited time until those that were sent have been
	 * acknowledged. The signal ends the wait early.
	 */
	public void finishEvents(StopSignal stop) {
		EventSender sender = this.events;
		if (sender != null) {
			sender.close();
			await(stop, () -> sender.unacknowledged() == 0);
		}
	}

	/** Closes every connection with 1000, and waits a limited time for the answers. */
	@Override
	public void close() {
		this.closing = true;
		if (this.events != null) {
			this.events.close();
		}
		this.connector.close();
		forEachOpen((channel) -> channel.writeAndFlush(MaskedFrames.close(channel.alloc(), 1000)));
		StopSignal patience = new StopSignal();
		patience.stopAfter(CLOSE_SECONDS, TimeUnit.SECONDS);
		await(patience, () -> this.stats.connected.get() + this.stats.connecting.get() <= 0);
		forEachOpen(Channel::close);
	}

	private void forEachOpen(Consumer<Channel> action) {
		for (int i = 0; i < this.channels.length(); i++) {
			Channel channel = this.channels.get(i);
			if (channel != null) {
				action.accept(channel);
			}
		}
		this.replaced.forEach(action);
	}

	private static void await(StopSignal stop, BooleanSupplier condition) {
		while (!condition.getAsBoolean() && !stop.await(10, TimeUnit.MILLISECONDS)) {
			Thread.onSpinWait();
		}
	}

}
