package dev.switchboard.cluster;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.switchboard.protocol.AgentId;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Agents, up to thousands, that answer calls. An agent that loses its connection connects
 * again to any of the addresses, by the rule of the close code, with full jitter. The
 * events go into the history. Thread-safe.
 */
final class ClusterAgents implements AutoCloseable {

	/** Few enough for a busy machine to finish them before their time-outs. */
	private static final int AT_A_TIME = 250;

	private static final long WATCH_MILLIS = 500;

	private final Map<AgentId, ClusterAgent> agents = new ConcurrentHashMap<>();

	private final AtomicInteger connected = new AtomicInteger();

	private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("cluster-agents", true), EpollIoHandler.newFactory());

	private final History history;

	private final Access access;

	private final Supplier<List<URI>> addresses;

	private final @Nullable Duration silence;

	private volatile Consumer<Entry.Opened> opened = (_) -> {
	};

	/**
	 * @param addresses where agents may connect at the time
	 * @param silence the silence after which an agent pings; after twice this silence it
	 * connects anew; null leaves both to the gateway
	 */
	ClusterAgents(History history, Access access, Supplier<List<URI>> addresses, @Nullable Duration silence) {
		this.history = history;
		this.access = access;
		this.addresses = addresses;
		this.silence = silence;
		if (silence != null) {
			var _ = this.loops.scheduleWithFixedDelay(() -> this.agents.values().forEach(ClusterAgent::watch),
					WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	/** Identities of one tenant. */
	static List<AgentId> ids(String tenant, int count) {
		return ids(tenant, "agent-", count);
	}

	/** Identities of one tenant, with numbers after a prefix. */
	static List<AgentId> ids(String tenant, String prefix, int count) {
		return IntStream.range(0, count).mapToObj((number) -> new AgentId(tenant, prefix + number)).toList();
	}

	/** Any of the identities. */
	static AgentId any(List<AgentId> ids) {
		return ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
	}

	/** Connects new agents at an address, some at a time, and waits until all are. */
	void connect(List<AgentId> ids, URI address) {
		for (int from = 0; from < ids.size(); from += AT_A_TIME) {
			for (AgentId id : ids.subList(from, Math.min(ids.size(), from + AT_A_TIME))) {
				ClusterAgent agent = new ClusterAgent(this, id, this.loops.next());
				this.agents.put(id, agent);
				agent.connectAfter(0, address);
			}
			awaitConnected();
		}
	}

	/** Opens a new connection of an agent, and waits until it is the newest. */
	void move(AgentId id, URI address) {
		Entry.Opened before = connection(id);
		Objects.requireNonNull(this.agents.get(id)).connectAfter(0, address);
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.pollInterval(Duration.ofMillis(5))
			.until(() -> !Objects.equals(connection(id), before));
	}

	/** Ends the connections of some agents, which do not connect again by themselves. */
	void depart(Collection<AgentId> ids) {
		ids.forEach((id) -> Objects.requireNonNull(this.agents.remove(id)).close());
	}

	/** Waits until every agent is connected. */
	void awaitConnected() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(90))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> this.connected.get() == this.agents.size());
	}

	int connected() {
		return this.connected.get();
	}

	Collection<AgentId> ids() {
		return this.agents.keySet();
	}

	/** The agent's newest connection; null while it has none. */
	Entry.@Nullable Opened connection(AgentId id) {
		ClusterAgent agent = this.agents.get(id);
		return (agent != null) ? agent.opened() : null;
	}

	/** Sets the listener for every connection that opens from now on. */
	void onOpened(Consumer<Entry.Opened> listener) {
		this.opened = listener;
	}

	static Bootstrap bootstrap() {
		return new Bootstrap().channel(EpollSocketChannel.class)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 3_000);
	}

	History history() {
		return this.history;
	}

	Map<String, String> headers(AgentId id) {
		return this.access.agents().apply(id);
	}

	@Nullable Duration silence() {
		return this.silence;
	}

	/** Any of the current addresses. */
	@Nullable URI anyAddress() {
		List<URI> all = this.addresses.get();
		return all.isEmpty() ? null : all.get(ThreadLocalRandom.current().nextInt(all.size()));
	}

	void opened(Entry.Opened connection) {
		this.opened.accept(connection);
	}

	/** An agent has a connection where it had none, or has lost its only one. */
	void count(int change) {
		this.connected.addAndGet(change);
	}

	/** Ends all connections; no agent connects again. */
	@Override
	public void close() {
		this.agents.values().forEach(ClusterAgent::close);
		this.loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
	}

}
