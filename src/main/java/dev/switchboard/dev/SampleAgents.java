package dev.switchboard.dev;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.switchboard.agent.CallRejectedException;
import dev.switchboard.agent.IncomingCall;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;

/**
 * Sample agents with which to try a gateway: {@code laptop-1}, {@code laptop-2} and so
 * on, connected over real sockets. They answer the methods {@code echo}, {@code sleep}
 * {"millis"}, {@code fail}, {@code count} {"to"} (streams chunks) and {@code info}.
 */
final class SampleAgents implements AutoCloseable {

	private final List<SwitchboardAgent> agents;

	/**
	 * @param url the URL of the gateway's agent port
	 */
	SampleAgents(URI url, String tenant, int count) {
		this.agents = IntStream.rangeClosed(1, count).mapToObj((i) -> agent(url, tenant, "laptop-" + i)).toList();
	}

	private static SwitchboardAgent agent(URI url, String tenant, String name) {
		return SwitchboardAgent.builder()
			.url(url)
			.identity(tenant, name)
			.agentVersion("sample")
			.handler("echo", IncomingCall::payload)
			.handler("sleep", SampleAgents::sleep)
			.handler("fail", SampleAgents::fail)
			.handler("count", SampleAgents::count)
			.handler("info", (_) -> info(tenant, name))
			.build();
	}

	/**
	 * Connects all agents.
	 * @return completes when all agents are connected
	 */
	CompletableFuture<Void> start() {
		return CompletableFuture
			.allOf(this.agents.stream().map(SwitchboardAgent::start).toArray(CompletableFuture<?>[]::new));
	}

	private static Payload sleep(IncomingCall call) throws CallRejectedException, InterruptedException {
		long millis = argument(call, "millis");
		Thread.sleep(millis);
		return json(new JsonWriter().number("slept", millis));
	}

	private static Payload fail(IncomingCall call) throws CallRejectedException {
		throw new CallRejectedException("failed", "fails as it was asked to", call.payload());
	}

	private static Payload count(IncomingCall call) throws CallRejectedException, InterruptedException {
		long to = argument(call, "to");
		for (long i = 1; i <= to; i++) {
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
