package dev.switchboard.simulator.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.switchboard.simulator.agents.AgentStats;
import dev.switchboard.simulator.agents.StopSignal;

/** Pushes to all agents of a tenant by fleet pushes. */
final class FleetPusher implements AutoCloseable {

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final URI fleetPushes;

	private final int agents;

	private final AgentStats stats;

	/**
	 * @param agents how many agents are connected
	 * @param stats counts the pushes that come to them
	 */
	FleetPusher(URI fleetPushes, int agents, AgentStats stats) {
		this.fleetPushes = fleetPushes;
		this.agents = agents;
		this.stats = stats;
	}

	/**
	 * Makes fleet pushes, so many at a time, and waits until each push has come to its
	 * agent. Fails if an agent has another outcome than that.
	 */
	void push(int pushes, int window, String payload, boolean durable, StopSignal stop) throws InterruptedException {
		long before = this.stats.pushed.sum();
		try (ExecutorService callers = Executors.newFixedThreadPool(window)) {
			for (Future<Void> each : callers
				.invokeAll(IntStream.range(0, pushes).mapToObj((_) -> Executors.callable(() -> {
					pushOnce(payload, durable);
				}, (Void) null)).toList())) {
				each.get();
			}
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
		while (this.stats.pushed.sum() < before + (long) pushes * this.agents) {
			if (stop.await(200, TimeUnit.MICROSECONDS)) {
				throw new IllegalStateException("stopped with pushes missing: " + this.stats);
			}
		}
	}

	private void pushOnce(String payload, boolean durable) {
		String body = "{\"method\":\"note\",\"payload\":" + payload + ",\"selector\":\"\",\"durable\":" + durable + "}";
		try {
			String answer = this.http.send(HttpRequest.newBuilder(this.fleetPushes)
				.header("Content-Type", "application/json")
				.timeout(Duration.ofMinutes(2))
				.POST(BodyPublishers.ofString(body))
				.build(), BodyHandlers.ofString()).body();
			String summary = answer.lines().reduce("", (_, last) -> last);
			if (!summary.contains("\"" + (durable ? "queued" : "sent") + "\":" + this.agents + ",")) {
				throw new IllegalStateException(summary);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.http.shutdownNow();
	}

}
