package dev.switchboard.contract;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The resources of a gateway's process, seen from outside after a full garbage
 * collection.
 *
 * @param descriptors open files and sockets
 * @param connections agents, as the metric and the list of nodes have it
 * @param objects of the classes that a connection, a handshake or a call consists of, by
 * class
 * @param heapBytes of live objects
 * @param directBytes of buffers outside the heap
 */
record Holdings(int descriptors, List<Integer> connections, Map<String, Long> objects, long heapBytes,
		long directBytes) {

	private static final Pattern ROW = Pattern.compile("^ *\\d+: +(\\d+) +(\\d+) +(\\S+)", Pattern.MULTILINE);

	/**
	 * Classes with at least one object for each connection, handshake or call that they
	 * stand for.
	 */
	private static final Pattern WATCHED = Pattern.compile("dev\\.switchboard\\.connection\\."
			+ "(AgentConnection|AgentReceiver|HandshakeTimeout|OutboundMessage|OutboundSink|PendingCalls?)"
			+ "|dev\\.switchboard\\.transport\\.(ChannelWire|Closing|DetachedSocket|FrameReader|HandlerRun"
			+ "|LeanSession|Outbound|Unsent)"
			+ "|io\\.netty\\.channel\\.epoll\\.(EpollSocketChannel|EpollIoHandler\\$DefaultEpollIoRegistration)"
			+ "|reactor\\.netty\\.http\\.server\\.HttpServerOperations");

	private static final List<Integer> NONE = List.of(0, 0);

	private static final long MEGABYTE = 1 << 20;

	/**
	 * Sends its HTTP requests first, so that their connections are always among the
	 * descriptors.
	 */
	static Holdings of(GatewayProcess gateway) throws Exception {
		Caller caller = new Caller(gateway);
		List<Integer> connections = List.of((int) caller.metric("switchboard_connections"),
				Json.parse(caller.get("/v1/nodes")).at("/nodes/0/connections").asInt());
		List<MatchResult> rows = ROW.matcher(gateway.liveObjects()).results().toList();
		Map<String, Long> objects = new TreeMap<>();
		rows.stream()
			.filter((row) -> WATCHED.matcher(row.group(3)).matches())
			.forEach((row) -> objects.merge(row.group(3), Long.parseLong(row.group(1)), Long::sum));
		ToLongFunction<MatchResult> bytes = (row) -> Long.parseLong(row.group(2));
		return new Holdings(gateway.descriptors(), connections, objects, rows.stream().mapToLong(bytes).sum(),
				(long) caller.metric("jvm_buffer_memory_used_bytes"));
	}

	/** The resources once all agents are gone; the row of the node shows that late. */
	static Holdings atRest(GatewayProcess gateway) {
		return awaited().until(() -> of(gateway), (holdings) -> holdings.connections.equals(NONE));
	}

	/** The objects of this class, by its simple name. */
	long count(String simpleName) {
		return this.objects.entrySet()
			.stream()
			.filter((each) -> each.getKey().endsWith("." + simpleName))
			.mapToLong(Map.Entry::getValue)
			.sum();
	}

	/**
	 * Waits until the gateway, without agents, holds at most these resources, with a
	 * margin of bytes for caches.
	 */
	void awaitBack(GatewayProcess gateway) {
		awaited().untilAsserted(() -> of(gateway).assertNoMoreThan(this));
	}

	private static ConditionFactory awaited() {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(500));
	}

	private void assertNoMoreThan(Holdings before) {

		assertThat(this.connections).isEqualTo(NONE);
		assertThat(this.objects)
			.allSatisfy((type, count) -> assertThat(count).isLessThanOrEqualTo(before.objects.getOrDefault(type, 0L)));
		assertThat(this.descriptors).isLessThanOrEqualTo(before.descriptors);
		assertThat(this.heapBytes).isLessThan(before.heapBytes + 4 * MEGABYTE);
		assertThat(this.directBytes).isLessThan(before.directBytes + 8 * MEGABYTE);
	}

}
