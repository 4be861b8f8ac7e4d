package dev.switchboard.cluster;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.switchboard.GatewayProcess;
import dev.switchboard.protocol.AgentId;

/**
 * Calls agents of the simulator, which give back the payload. These calls are not in the
 * history. Thread-safe.
 */
final class SimulatedCalls implements AutoCloseable {

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	/** Calls an agent at a node, and gives the body of the answer. */
	CompletableFuture<String> echo(GatewayProcess at, AgentId agent) {
		HttpRequest request = HttpRequest
			.newBuilder(at.api("/v1/tenants/" + agent.tenant() + "/agents/" + agent.agent() + "/calls"))
			.timeout(Duration.ofSeconds(30))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"method\":\"echo\",\"payload\":1}"))
			.build();
		return this.http.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::body);
	}

	@Override
	public void close() {
		this.http.shutdownNow();
	}

}
