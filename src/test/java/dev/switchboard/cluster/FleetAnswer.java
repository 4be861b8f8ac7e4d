package dev.switchboard.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The answer to a fleet call, read line by line until its end. */
final class FleetAnswer {

	private static final JsonMapper JSON = new JsonMapper();

	/** The object of each agent. */
	final Map<AgentId, JsonNode> objects = new LinkedHashMap<>();

	/** The nanoseconds until the first agent's line. */
	long firstNanos;

	/** The nanoseconds until the summary. */
	long wholeNanos;

	/** The number of agents that the first line says. */
	int agents;

	private @Nullable JsonNode summary;

	/**
	 * Makes a fleet call, and reads the answer.
	 * @param progress gets the number of agents' lines after each of them
	 */
	static FleetAnswer of(HttpClient http, URI at, String body, int timeoutSeconds, String tenant, IntConsumer progress)
			throws Exception {
		FleetAnswer answer = new FleetAnswer();
		long began = System.nanoTime();
		HttpResponse<InputStream> response = http.send(HttpRequest.newBuilder(at)
			.header("Content-Type", "application/json")
			.header("Switchboard-Timeout", Integer.toString(timeoutSeconds))
			.POST(BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofInputStream());
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
			answer.read(lines, began, tenant, progress);
		}
		return answer;
	}

	private void read(BufferedReader lines, long began, String tenant, IntConsumer progress) throws IOException {
		for (String line = lines.readLine(); line != null; line = lines.readLine()) {
			if (!line.isEmpty()) {
				read(JSON.readTree(line), System.nanoTime() - began, tenant);
				progress.accept(this.objects.size());
			}
		}
	}

	private void read(JsonNode line, long nanos, String tenant) {
		if (line.has("fleetCall")) {
			this.agents = line.at("/fleetCall/agents").asInt();
		}
		else if (line.has("summary")) {
			this.summary = line.get("summary");
			this.wholeNanos = nanos;
		}
		else {
			this.firstNanos = this.objects.isEmpty() ? nanos : this.firstNanos;
			AgentId agent = new AgentId(tenant, line.path("agent").asString(""));
			if (this.summary != null || this.objects.put(agent, line) != null) {
				throw new AssertionError("a line out of turn: " + line);
			}
		}
	}

	JsonNode object(AgentId agent) {
		return Objects.requireNonNull(this.objects.get(agent), () -> "no object of " + agent);
	}

	/** The outcome of an agent, with the name of its problem. */
	String ending(AgentId agent) {
		String problem = object(agent).path("type").asString("").replaceFirst(".*:", "");
		return (object(agent).path("outcome").asString("") + " " + problem).strip();
	}

	int count(String outcome) {
		return Objects.requireNonNull(this.summary, "no summary").path(outcome).asInt();
	}

	/** How many agents have each ending. */
	Map<String, Long> endings(List<AgentId> of) {
		return of.stream().collect(Collectors.groupingBy(this::ending, TreeMap::new, Collectors.counting()));
	}

	long withOutcome(String outcome) {
		return this.objects.values()
			.stream()
			.filter((object) -> object.path("outcome").asString("").equals(outcome))
			.count();
	}

}
