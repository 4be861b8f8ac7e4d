package dev.switchboard.contract;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A caller on the JDK's HTTP client. Headers are given as names and values in turn; safe
 * for use by many threads.
 */
final class Caller {

	/** A small call of the method {@code m}. */
	static final String BODY = "{\"method\":\"m\",\"payload\":{\"a\":1}}";

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final GatewayProcess gateway;

	private final String[] credentials;

	/** A caller that sends these headers with every request. */
	Caller(GatewayProcess gateway, String... credentials) {
		this.gateway = gateway;
		this.credentials = credentials;
	}

	/** Begins a call; the future's cancellation hangs up. */
	CompletableFuture<HttpResponse<String>> call(Identity to, String body, String... headers) {
		return HTTP.sendAsync(post(to.calls(), body, headers), BodyHandlers.ofString());
	}

	CompletableFuture<HttpResponse<String>> call(Identity to) {
		return call(to, BODY);
	}

	/** Begins a call whose answer is read as it comes. */
	<T> CompletableFuture<HttpResponse<T>> call(Identity to, BodyHandler<T> handler, String... headers) {
		return HTTP.sendAsync(post(to.calls(), BODY, headers), handler);
	}

	/** Calls and waits for the response. */
	HttpResponse<String> callAndWait(Identity to, String body, String... headers) throws Exception {
		return finished(call(to, body, headers));
	}

	CompletableFuture<HttpResponse<String>> push(Identity to, String body) {
		return HTTP.sendAsync(post(to.pushes(), body), BodyHandlers.ofString());
	}

	HttpResponse<String> get(String path, String... headers) throws Exception {
		return request("GET", path, headers);
	}

	HttpResponse<String> delete(String path) throws Exception {
		return request("DELETE", path);
	}

	HttpResponse<String> request(String method, String path, String... headers) throws Exception {
		HttpRequest.Builder builder = builder(this.gateway.api(path), headers);
		return HTTP.send(builder.method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
	}

	HttpResponse<String> management(String path, String... headers) throws Exception {
		return HTTP.send(builder(this.gateway.management(path), headers).build(), BodyHandlers.ofString());
	}

	/** Sends a POST of bytes whose content type, if any, is among the headers. */
	HttpResponse<String> postBytes(String path, byte[] body, String... headers) throws Exception {
		HttpRequest.Builder builder = builder(this.gateway.api(path), headers);
		return HTTP.send(builder.POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
	}

	HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
		HttpRequest.Builder builder = builder(this.gateway.api(path), headers);
		return HTTP.send(builder.method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
	}

	/** Waits until the directory lists the agent as offline. */
	void awaitOffline(Identity agent) {
		awaitStatus(agent, "offline");
	}

	void awaitStatus(Identity agent, String status) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(15))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> Json.parse(get(agent.path())).path("status").asString(""), status::equals);
	}

	/** Fails if a message waits for the agent: a call made now has to be the first. */
	void assertQuiet(Identity identity, TestAgent agent) throws Exception {
		CompletableFuture<HttpResponse<String>> response = call(identity, "{\"method\":\"first\"}");
		JsonNode first = Json.parse(agent.next());
		assertThat(first.path("method").asString("")).as("method of %s", first).isEqualTo("first");
		agent.answer(first.get("id").asString(), "1");
		assertThat(finished(response).statusCode()).isEqualTo(200);
	}

	/** The sum of a metric's samples. */
	double metric(String name) throws Exception {
		return management("/actuator/prometheus").body()
			.lines()
			.filter((line) -> line.startsWith(name + " ") || line.startsWith(name + "{"))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
			.sum();
	}

	static HttpResponse<String> finished(CompletableFuture<HttpResponse<String>> response)
			throws InterruptedException, ExecutionException, TimeoutException {
		return response.get(30, TimeUnit.SECONDS);
	}

	/** The call's resource, with these credentials. */
	JsonNode callResource(Identity agent, String id) throws Exception {
		return Json.parse(get("/v1/tenants/" + agent.tenant() + "/calls/" + id));
	}

	private HttpRequest post(String path, String body, String... headers) {
		return builder(this.gateway.api(path), headers).header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8))
			.build();
	}

	private HttpRequest.Builder builder(URI uri, String... headers) {
		HttpRequest.Builder builder = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
		for (String[] each : new String[][] { this.credentials, headers }) {
			for (int i = 0; i < each.length; i += 2) {
				builder.header(each[i], each[i + 1]);
			}
		}
		return builder;
	}

}
