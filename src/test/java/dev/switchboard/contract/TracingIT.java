package dev.switchboard.contract;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TracingIT {

	private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

	@Test
	void shouldExportTheSpansOfACallersTrace() throws Exception {
		List<String> exported = new CopyOnWriteArrayList<>();
		HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		collector.createContext("/v1/traces", (exchange) -> {
			exported.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
			exchange.sendResponseHeaders(200, -1);
			exchange.close();
		});
		collector.start();
		String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
		try (GatewayProcess gateway = GatewayProcess.start("spring.profiles.active=tracing",
				"management.opentelemetry.tracing.export.schedule-delay=100ms",
				"management.opentelemetry.tracing.export.otlp.endpoint=" + endpoint);
				HttpClient http = HttpClient.newHttpClient()) {
			HttpRequest request = HttpRequest.newBuilder(gateway.api("/v1/nodes"))
				.header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
				.build();
			assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
			String traceId = new String(HexFormat.of().parseHex(TRACE), StandardCharsets.ISO_8859_1);
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(exported).anyMatch((spans) -> spans.contains(traceId)));
		}
		finally {
			collector.stop(0);
		}
	}

}
