package dev.switchboard.security;

import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Requests to a port of this machine, whose answers are read whole. */
public final class TestRequests {

	private static final WebTestClient client = WebTestClient.bindToServer()
		.responseTimeout(Duration.ofSeconds(60))
		.build();

	private TestRequests() {
	}

	public static EntityExchangeResult<String> send(HttpMethod method, int port, String path,
			Consumer<HttpHeaders> headers) {
		return client.method(method)
			.uri(URI.create("http://127.0.0.1:" + port + path))
			.headers(headers)
			.exchange()
			.expectBody(String.class)
			.returnResult();
	}

}
