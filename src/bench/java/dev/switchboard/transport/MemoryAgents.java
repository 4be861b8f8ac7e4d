package dev.switchboard.transport;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.Function;

import dev.switchboard.time.TimeSource;
import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;

/**
 * Agents in this process, connected over {@link MemorySocket}s: from the detached socket
 * up, all that a connection holds is what it is in production. They have event loops of
 * their own, where in production the API shares them. Thread-safe.
 */
public final class MemoryAgents {

	private static final URI ADDRESS = URI.create("/v1/connect");

	private final Channel upgraded = new EmbeddedChannel();

	private final SessionContext context;

	private final List<IoEventLoop> loops = new ArrayList<>();

	/**
	 * @param threads the event loops that they are spread over
	 * @param messages what an agent says to a text message; null for nothing
	 */
	public MemoryAgents(int threads, TransportSettings settings, Function<byte[], byte @Nullable []> messages) {
		this.context = new SessionContext(settings, TimeSource.SYSTEM);
		new MultiThreadIoEventLoopGroup(threads, MemoryIoHandler.factory(new MemoryAgent(messages)))
			.forEach((loop) -> this.loops.add((IoEventLoop) loop));
	}

	/**
	 * Connects an agent, soon.
	 * @param number its own among those that are connected
	 */
	public void connect(int number, InetSocketAddress remote, WebSocketHandler handler) {
		IoEventLoop loop = loop(number);
		loop.execute(() -> {
			LeanSession session = new ChannelWire(this.upgraded, handshake(remote), this.context).session();
			session.moveTo(new DetachedSocket(new MemorySocket(number), loop, session));
			session.start(new byte[0], handler);
		});
	}

	private static HandshakeInfo handshake(InetSocketAddress remote) {
		return new HandshakeInfo(ADDRESS, new HttpHeaders(), new LinkedMultiValueMap<>(), Mono.empty(), null, remote,
				Map.of(), null);
	}

	/** Has the agent say that it closes, soon. */
	public void disconnect(int number) {
		loop(number).execute(() -> MemoryIoHandler.current().arrive(number, MemoryAgent.CLOSE));
	}

	private IoEventLoop loop(int number) {
		return this.loops.get(number % this.loops.size());
	}

	/** How many are connected. */
	public int size() {
		return this.context.open().get();
	}

	/** Has one agent in so many be heard, by a pong that nobody asked for. */
	public void hear(int part, int parts) throws Exception {
		sum(() -> {
			MemoryIoHandler.current().arriveFromSome(part, parts, MemoryAgent.PONG);
			return 0L;
		});
	}

	/** The CPU time of all loops so far, in nanoseconds. */
	public long cpuNanos() throws Exception {
		return sum(MemoryAgents::threadCpuNanos);
	}

	private static long threadCpuNanos() {
		return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
	}

	private long sum(Callable<Long> task) throws Exception {
		List<Future<Long>> results = new ArrayList<>();
		for (IoEventLoop loop : this.loops) {
			results.add(loop.submit(task));
		}
		long sum = 0;
		for (Future<Long> result : results) {
			sum += result.get();
		}
		return sum;
	}

}
