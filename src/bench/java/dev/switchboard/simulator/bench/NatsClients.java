package dev.switchboard.simulator.bench;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.switchboard.simulator.agents.AgentStats;
import dev.switchboard.simulator.agents.Connector;
import dev.switchboard.simulator.agents.MaskedFrames;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;
import dev.switchboard.simulator.agents.Target;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;

/**
 * So many clients of a NATS server, each with its connection: connects them when it is
 * made, and closes them. Thread-safe.
 */
final class NatsClients implements AutoCloseable {

	private static final long CLOSE_SECONDS = 30;

	private final Target server;

	private final Bootstrap bootstrap;

	private final InetSocketAddress remote;

	private final List<? extends NatsClient> clients;

	private final AgentStats stats = new AgentStats();

	private final Set<NatsConnection> open = ConcurrentHashMap.newKeySet();

	private final Connector connector;

	/**
	 * Begins to connect.
	 * @param rate connections a second
	 */
	NatsClients(Target server, Sockets sockets, double rate, List<? extends NatsClient> clients) {
		this.server = server;
		this.bootstrap = sockets.bootstrap();
		this.remote = server.address();
		this.clients = clients;
		this.connector = new Connector(sockets.loops().next(), this.stats, rate, this::open);
		for (int i = 0; i < clients.size(); i++) {
			this.connector.add(new Connector.Attempt(i, 0));
		}
	}

	private void open(Connector.Attempt attempt) {
		this.stats.connecting.incrementAndGet();
		NatsConnection connection = new NatsConnection(this.server, this.clients.get(attempt.agent()), this);
		this.bootstrap.clone().handler(connection).connect(this.remote).addListener((done) -> {
			if (!done.isSuccess()) {
				this.stats.connecting.decrementAndGet();
				failed("connect failed");
			}
		});
	}

	void opened(NatsConnection connection) {
		this.stats.connecting.decrementAndGet();
		this.open.add(connection);
		this.stats.connected.incrementAndGet();
	}

	/** Something broke; the end of its connection follows. */
	void failed(String reason) {
		this.stats.failures.add(reason);
	}

	/** A connection is gone, whether it was open before or not. */
	void ended(NatsConnection connection, boolean wasOpen) {
		this.open.remove(connection);
		(wasOpen ? this.stats.connected : this.stats.connecting).decrementAndGet();
		if (!wasOpen) {
			failed("closed before it was open");
		}
	}

	/**
	 * Waits until all are connected and subscribed.
	 * @throws IllegalStateException if one is not, or if it is time to stop
	 */
	void awaitConnected(StopSignal stop) {
		await(stop, () -> this.open.size() == this.clients.size() || this.stats.failures.total() > 0);
		if (this.open.size() != this.clients.size()) {
			throw new IllegalStateException("not all clients of NATS connected: " + this.stats);
		}
	}

	/** Closes every connection and waits a bounded while until the server has, too. */
	@Override
	public void close() {
		this.connector.close();
		for (NatsConnection connection : this.open) {
			Channel channel = connection.channel();
			var _ = channel.writeAndFlush(MaskedFrames.close(channel.alloc(), 1000), channel.voidPromise());
		}
		StopSignal patience = new StopSignal();
		patience.stopAfter(CLOSE_SECONDS, TimeUnit.SECONDS);
		await(patience, () -> this.stats.connected.get() + this.stats.connecting.get() <= 0);
		this.open.forEach((connection) -> connection.channel().close());
	}

	private static void await(StopSignal stop, BooleanSupplier condition) {
		while (!condition.getAsBoolean() && !stop.await(10, TimeUnit.MILLISECONDS)) {
			Thread.onSpinWait();
		}
	}

}
