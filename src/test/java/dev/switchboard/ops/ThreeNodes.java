package dev.switchboard.ops;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.agent.IncomingCall;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.database.MariaDbServer;

/**
 * Three nodes of the built jar, in {@code dev} mode on one database, as in compose.yaml.
 */
final class ThreeNodes implements AutoCloseable {

	private static final int NODES = 3;

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final MariaDbServer database = new MariaDbServer();

	private final List<GatewayProcess> all;

	ThreeNodes(String... options) {
		String url = this.database.url(this.database.createDatabase());
		this.all = Stream.generate(() -> launch(url, options)).limit(NODES).toList();
		try {
			this.all.forEach(GatewayProcess::awaitReady);
		}
		catch (Throwable ex) {
			this.all.forEach(GatewayProcess::kill);
			this.database.stop();
			throw ex;
		}
	}

	private static GatewayProcess launch(String url, String... options) {
		return GatewayProcess.launch(Stream.concat(Stream.of("spring.r2dbc.url=" + url, "spring.r2dbc.username=root",
				"switchboard.agent.trusted-proxies=127.0.0.1", "-Xmx200m", "-Dio.netty.leakDetection.level=simple"),
				Arrays.stream(options))
			.toArray(String[]::new));
	}

	List<GatewayProcess> all() {
		return this.all;
	}

	/** Connects agents {@code PREFIX1}, {@code PREFIX2}, ... that answer {@code echo}. */
	static List<SwitchboardAgent> connect(URI url, String prefix, int count) {
		List<SwitchboardAgent> agents = IntStream.rangeClosed(1, count)
			.mapToObj((number) -> SwitchboardAgent.builder()
				.url(url)
				.identity("demo", prefix + number)
				.handler("echo", IncomingCall::payload)
				.pushHandler("echo", (_) -> {
				})
				.build())
			.toList();
		agents.forEach((agent) -> agent.start().join());
		return agents;
	}

	HttpResponse<String> call(URI api, String agent) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(api.resolve("/v1/tenants/demo/agents/" + agent + "/calls"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"method\": \"echo\", \"payload\": 1}")));
	}

	HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
	}

	@Override
	public void close() {
		try (this.http) {
			this.all.parallelStream().forEach(GatewayProcess::close);
		}
		finally {
			this.database.stop();
		}
	}

}
