package dev.switchboard.dev;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.switchboard.agent.CallRejectedException;
import dev.switchboard.agent.IncomingCall;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sample agents with which to try a gateway: {@code laptop-1}, {@code laptop-2} and so
 * on, connected over real sockets. They answer the methods {@code echo}, {@code sleep}
 * {"millis"}, {@code fail}, {@code count} {"to"} (streams chunks), {@code info} and
 * {@code event} {"subject", "data"} (sends an event). They take pushes of the method
 * {@code note}.
 */
final class SampleAgents implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SampleAgents.class);

	/** The pause between two parts of a count, so that a person sees the parts come. */
	private static final Duration PAUSE = Duration.ofMillis(200);

	/** The longest time that a count takes. It is below the default wait of a call. */
	private static final Duration LONGEST_COUNT = Duration.ofSeconds(4);

	private final Pauses pauses;

	private final List<SwitchboardAgent> agents;

	/**
	 * @param url the URL of the gateway's agent port
	 * @param pauses pauses the thread of an agent's handler
	 */
	SampleAgents(URI url, String tenant, int count, Pauses pauses) {
		this.pauses = pauses;
		this.agents = IntStream.rangeClosed(1, count).mapToObj((i) -> agent(url, tenant, "laptop-" + i)).toList();
	}

	/** Pauses the thread of an agent's handler. */
	@FunctionalInterface
	interface Pauses {

		void pause(Duration time) throws InterruptedException;

	}

	private SwitchboardAgent agent(URI url, String tenant, String name) {
		AtomicReference<SwitchboardAgent> self = new AtomicReference<>();
		SwitchboardAgent agent = SwitchboardAgent.builder()
			.url(url)
			.identity(tenant, name)
			.agentVersion("sample")
			.labels(Map.of("env", "dev", "os", System.getProperty("os.name")))
			.handler("echo", IncomingCall::payload)
			.handler("sleep", this::sleep)
			.handler("fail", SampleAgents::fail)
			.handler("count", this::count)
			.handler("info", (_) -> info(tenant, name))
			.handler("event", (call) -> event(call, Objects.requireNonNull(self.get())))
			.pushHandler("note", (push) -> logger.info("{} got the note {}", name, push.payload().text()))
			.build();
		self.set(agent);
		return agent;
	}

	/**
	 * Connects all agents.
	 * @return completes when all agents are connected
	 */
	CompletableFuture<Void> start() {
		return CompletableFuture
			.allOf(this.agents.stream().map(SwitchboardAgent::start).toArray(CompletableFuture<?>[]::new));
	}

	private Payload sleep(IncomingCall call) throws CallRejectedException, InterruptedException {
		long millis = argument(call, "millis");
		this.pauses.pause(Duration.ofMillis(millis));
		return json(new JsonWriter().number("slept", millis));
	}

	private static Payload fail(IncomingCall call) throws CallRejectedException {
		throw new CallRejectedException("failed", "fails as it was asked to", call.payload());
	}

	private Payload count(IncomingCall call) throws CallRejectedException, InterruptedException {
		long to = argument(call, "to");
		Duration pause = Collections.min(List.of(PAUSE, LONGEST_COUNT.dividedBy(Math.max(to, 1))));
		for (long i = 1; i <= to; i++) {
			if (i > 1) {
				this.pauses.pause(pause);
			}
			call.chunk(Payload.parse(Long.toString(i)));
		}
		return json(new JsonWriter().number("counted", to));
	}

	private static Payload info(String tenant, String name) {
		return json(new JsonWriter().string("tenant", tenant)
			.string("agent", name)
			.string("java", Runtime.version().toString())
			.string("os", System.getProperty("os.name")));
	}

	/** Sends an event, and answers when it is in the event log. */
	private static Payload event(IncomingCall call, SwitchboardAgent agent) throws Exception {
		try {
			Envelope arguments = Envelope.parse(call.payload().toBytes());
			Payload data = arguments.optionalPayload("data");
			agent.event(arguments.string("subject"), (data != null) ? data : Payload.NULL).get();
			return Payload.TRUE;
		}
		catch (JsonException | IllegalArgumentException ex) {
			throw new CallRejectedException("invalid-payload", String.valueOf(ex.getMessage()));
		}
	}

	private static long argument(IncomingCall call, String name) throws CallRejectedException {
		try {
			return Envelope.parse(call.payload().toBytes()).integer(name);
		}
		catch (JsonException ex) {
			throw new CallRejectedException("invalid-payload", String.valueOf(ex.getMessage()));
		}
	}

	private static Payload json(JsonWriter object) {
		return Payload.of(object.end());
	}

	@Override
	public void close() {
		this.agents.parallelStream().forEach(SwitchboardAgent::close);
	}

}
