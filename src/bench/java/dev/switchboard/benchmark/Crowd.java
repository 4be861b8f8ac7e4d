package dev.switchboard.benchmark;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.transport.MemoryAgents;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The agents of a benchmark, by numbers: they connect, answer, come and go. */
final class Crowd {

	static final String TENANT = "million";

	static final String PREFIX = "agent-";

	/** So many claims may wait for the directory while agents connect. */
	private static final int CLAIMS = 20_000;

	private static final int STEP = 1000;

	private final MemoryAgents agents;

	private final MemoryHandshakes handshakes;

	private final IntSupplier unclaimed;

	/**
	 * @param unclaimed how many claims wait for the directory
	 */
	Crowd(MemoryAgents agents, MemoryHandshakes handshakes, IntSupplier unclaimed) {
		this.agents = agents;
		this.handshakes = handshakes;
		this.unclaimed = unclaimed;
	}

	/** An agent's answer to a call: a result with the call's payload. */
	static byte @Nullable [] echo(byte[] message) {
		return (FrameCodec.decodeFromGateway(message) instanceof Frame.Call call)
				? FrameCodec.encode(new Frame.Result(call.id(), call.payload())) : null;
	}

	/** Connects agents as fast as the directory takes them, and waits until it has. */
	void connect(int from, int to) {
		for (int next = from; next < to; next += STEP) {
			await(() -> this.unclaimed.getAsInt() < CLAIMS);
			for (int number = next; number < Math.min(to, next + STEP); number++) {
				connect(number);
			}
		}
		await(() -> this.agents.size() >= to - from && this.unclaimed.getAsInt() == 0);
	}

	private void connect(int number) {
		AgentId agent = new AgentId(TENANT, PREFIX + number);
		this.agents.connect(number, new InetSocketAddress(address(number), 1024 + number % 60_000),
				this.handshakes.handler(agent));
	}

	private static InetAddress address(int number) {
		try {
			return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt((10 << 24) + number).array());
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Disconnects agents, and waits until they are gone from here and the directory. */
	void disconnect(int from, int to) {
		int left = this.agents.size() - (to - from);
		for (int number = from; number < to; number++) {
			this.agents.disconnect(number);
		}
		await(() -> this.agents.size() <= left && this.unclaimed.getAsInt() == 0);
	}

	/**
	 * Begins to disconnect so many agents a second, each of which connects again a second
	 * later, until the executor is closed.
	 */
	ScheduledExecutorService churn(int from, int to, int perSecond) {
		ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
		int perTick = perSecond / 100;
		int[] next = { from };
		clock.scheduleAtFixedRate(() -> {
			int first = next[0];
			next[0] = (first + 2 * perTick <= to) ? first + perTick : from;
			for (int number = first; number < first + perTick; number++) {
				int leaving = number;
				this.agents.disconnect(leaving);
				clock.schedule(() -> connect(leaving), 1, TimeUnit.SECONDS);
			}
		}, 0, 10, TimeUnit.MILLISECONDS);
		return clock;
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await()
			.atMost(Duration.ofMinutes(15))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(condition);
	}

}
