package dev.switchboard.ops;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.switchboard.GatewayProcess;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.json.Payload;

/**
 * A little of everything that operators look at, at each node in turn, until it is
 * closed: calls to agents of all nodes and to unknown ones, recorded calls, pushes, fleet
 * calls, events, connections that are closed, and a request that is not HTTP.
 */
final class Load implements AutoCloseable {

	private static final String DURABLE = "{\"method\":\"echo\",\"durable\":true}";

	private final ExecutorService thread = Executors.newSingleThreadExecutor();

	private final ThreeNodes nodes;

	private final List<SwitchboardAgent> connected;

	private final int agents;

	private volatile boolean stopping;

	/**
	 * Begins.
	 * @param connected the agents that send events
	 * @param agents calls go to agents {@code laptop-1} to this one
	 */
	Load(ThreeNodes nodes, List<SwitchboardAgent> connected, int agents) {
		this.nodes = nodes;
		this.connected = List.copyOf(connected);
		this.agents = agents;
		this.thread.execute(this::run);
	}

	private void run() {
		try {
			while (!this.stopping) {
				for (GatewayProcess node : this.nodes.all()) {
					ask(node);
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void ask(GatewayProcess node) throws IOException, InterruptedException {
		for (int number = 1; number <= this.agents; number++) {
			this.nodes.call(node.api("/"), "laptop-" + number);
		}
		this.nodes.call(node.api("/"), "nobody");
		post(node, "calls", "Prefer", "respond-async");
		post(node, "pushes", "Accept", "*/*");
		post(node, "/v1/tenants/demo/agents/laptop-2/pushes", DURABLE);
		post(node, "/v1/tenants/demo/fleet-calls", "{\"method\":\"echo\",\"selector\":\"\"}");
		post(node, "/v1/tenants/demo/fleet-pushes", DURABLE.replace("}", ",\"selector\":\"\"}"));
		this.connected.forEach((agent) -> agent.event("load", Payload.TRUE));
		this.nodes.send(HttpRequest.newBuilder(node.api("/v1/tenants/demo/agents/laptop-1/connection")).DELETE());
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.apiPort())) {
			socket.getOutputStream().write("no HTTP\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			socket.getInputStream().readAllBytes();
		}
	}

	private void post(GatewayProcess node, String path, String body) throws IOException, InterruptedException {
		this.nodes.send(HttpRequest.newBuilder(node.api(path))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(body)));
	}

	private void post(GatewayProcess node, String kind, String header, String value)
			throws IOException, InterruptedException {
		this.nodes.send(HttpRequest.newBuilder(node.api("/v1/tenants/demo/agents/laptop-2/" + kind))
			.header("Content-Type", "application/json")
			.header(header, value)
			.POST(BodyPublishers.ofString("{\"method\": \"echo\"}")));
	}

	@Override
	public void close() {
		this.stopping = true;
		this.thread.close();
	}

}
