package dev.switchboard.connection;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.time.LatencyBuckets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** The meters of this node's connections. Thread-safe. */
public final class ConnectionMetrics {

	/**
	 * Close codes from this one to {@link #LAST_OF_RFC} have tags of their own. They are
	 * registered (RFC 6455 section 7.4.1, and IANA's additions).
	 */
	private static final int FIRST_OF_RFC = 1000;

	private static final int LAST_OF_RFC = 1013;

	private static final Set<Integer> OF_PROTOCOL = Arrays.stream(DisconnectReason.values())
		.map(DisconnectReason::code)
		.collect(Collectors.toUnmodifiableSet());

	private final MeterRegistry meters;

	private final Map<String, Counter> handshakes = new ConcurrentHashMap<>();

	private final Map<String, Counter> pauses = new ConcurrentHashMap<>();

	private final Map<String, Counter> closes = new ConcurrentHashMap<>();

	private final Counter lateAnswers;

	private final Counter badAnswers;

	private final Counter ignoredFrames;

	private final LongAdder queuedBytes = new LongAdder();

	private final Timer write;

	private final Timer agent;

	private final Timer sweep;

	ConnectionMetrics(MeterRegistry meters, ConnectionRegistry connections) {
		this.meters = meters;
		this.lateAnswers = Counter.builder("switchboard.calls.late.answers")
			.description("Chunks and answers for calls that were not waiting")
			.register(meters);
		this.badAnswers = Counter.builder("switchboard.calls.bad.answers")
			.description("Chunks and answers that broke the protocol or the frame limit, and ended their calls")
			.register(meters);
		this.ignoredFrames = Counter.builder("switchboard.frames.ignored")
			.description("Frames of types that this node does nothing with")
			.register(meters);
		this.write = timer("switchboard.calls.write", "Answered calls from their acceptance to the agent's socket");
		this.agent = timer("switchboard.calls.agent", "Answered calls from the agent's socket to their answer");
		this.sweep = Timer.builder("switchboard.connections.sweep")
			.description("What event loops take to look after connections and calls whose time has come")
			.register(meters);
		Gauge.builder("switchboard.connections", connections, ConnectionRegistry::size)
			.description("Agents that are connected to this node")
			.register(meters);
		Gauge.builder("switchboard.outbound.queued", this.queuedBytes, LongAdder::sum)
			.description("Bytes that wait for slow agents")
			.baseUnit("bytes")
			.register(meters);
	}

	private Timer timer(String name, String description) {
		return Timer.builder(name)
			.description(description)
			.serviceLevelObjectives(LatencyBuckets.bounds())
			.register(this.meters);
	}

	/** Records that a call was answered, at the time {@code now}. */
	void answered(PendingCall call, long now) {
		this.write.record(call.writtenNanos() - call.acceptedNanos(), TimeUnit.NANOSECONDS);
		this.agent.record(now - call.writtenNanos(), TimeUnit.NANOSECONDS);
	}

	/** Records how long an event loop took to look at all timers that were due. */
	public void swept(long nanos) {
		this.sweep.record(nanos, TimeUnit.NANOSECONDS);
	}

	void lateAnswer() {
		this.lateAnswers.increment();
	}

	/** Counts a faulty message that has ended its call. */
	void badAnswer() {
		this.badAnswers.increment();
	}

	void ignoredFrame() {
		this.ignoredFrames.increment();
	}

	/**
	 * Counts that an agent was left unread for a while.
	 * @param what what it has sent too much of
	 */
	void paused(String what) {
		this.pauses
			.computeIfAbsent(what,
					(text) -> counter("switchboard.agents.paused",
							"Pauses in reading agents that send more than they may", "rate", text.replace(' ', '-')))
			.increment();
	}

	/** Returns the counter of bytes that wait for slow agents, on all connections. */
	LongAdder queuedBytes() {
		return this.queuedBytes;
	}

	/**
	 * Counts a handshake that has ended.
	 * @param result {@code accepted}, {@code redirected}, {@code gone} if its client has
	 * closed it, or the name of the problem that refused it
	 */
	public void handshake(String result) {
		this.handshakes
			.computeIfAbsent(result,
					(text) -> counter("switchboard.handshakes", "Handshakes, by their result", "result", text))
			.increment();
	}

	/**
	 * Counts a connection that has ended.
	 * @param code the close code; 1006 if the socket ended without a Close frame
	 */
	public void closed(int code) {
		this.closes
			.computeIfAbsent(closeCode(code),
					(text) -> counter("switchboard.connections.closed", "Connections that ended, by close code", "code",
							text))
			.increment();
	}

	private Counter counter(String name, String description, String tag, String value) {
		return Counter.builder(name).description(description).tag(tag, value).register(this.meters);
	}

	/**
	 * Returns the tag for a close code. Agents may send any code. All codes that neither
	 * RFC 6455 nor the protocol names share one tag, so that agents cannot create many
	 * tags.
	 */
	private static String closeCode(int code) {
		boolean named = (code >= FIRST_OF_RFC && code <= LAST_OF_RFC) || OF_PROTOCOL.contains(code);
		return named ? Integer.toString(code) : "other";
	}

}
