package dev.switchboard.dev;

import dev.switchboard.security.TestApi;
import dev.switchboard.security.TestRequests;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(classes = { TestApi.class, DevConfiguration.class }, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "management.server.port=0", "management.endpoints.web.exposure.include=*",
				"spring.main.cloud-platform=kubernetes" })
class DevModeTests {

	@LocalServerPort
	int apiPort;

	@LocalManagementPort
	int managementPort;

	@ParameterizedTest
	@ValueSource(strings = { "/v1/nodes", "/v1/tenants/acme/agents", "/docs" })
	void shouldPermitEverythingToAnybody(String path) {
		EntityExchangeResult<String> result = send(HttpMethod.GET, this.apiPort, path, "localhost:8080");

		assertThat(result.getStatus().value()).isEqualTo(200);
		assertThat(result.getResponseBody()).isEqualTo("nobody");
	}

	@Test
	void shouldPermitPosts() {
		EntityExchangeResult<String> result = send(HttpMethod.POST, this.apiPort, "/v1/tenants/acme/agents/a1/calls",
				"127.0.0.1");

		assertThat(result.getStatus().value()).isEqualTo(200);
		assertThat(result.getResponseCookies()).isEmpty();
	}

	@Test
	void shouldPermitTheManagementPort() {
		assertThat(send(HttpMethod.GET, this.managementPort, "/actuator/prometheus", "127.0.0.1").getStatus().value())
			.isEqualTo(200);
	}

	@Test
	void shouldRefuseAHostThatIsNotLoopback() {
		for (int port : new int[] { this.apiPort, this.managementPort }) {
			EntityExchangeResult<String> result = send(HttpMethod.GET, port, "/actuator/health",
					"rebound.example:" + port);

			assertThat(result.getStatus().value()).isEqualTo(403);
			assertThat(result.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
			assertThat(result.getResponseBody()).contains("urn:switchboard:problem:forbidden");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.example", "http://localhost:3000", "null" })
	void shouldRefuseEveryOrigin(String origin) {
		EntityExchangeResult<String> result = TestRequests.send(HttpMethod.OPTIONS, this.apiPort, "/v1/nodes",
				(headers) -> {
					headers.setOrigin(origin);
					headers.setAccessControlRequestMethod(HttpMethod.GET);
				});

		assertThat(result.getStatus().value()).isEqualTo(403);
		assertThat(result.getResponseHeaders().getAccessControlAllowOrigin()).isNull();
	}

	/** "Try it out" on the page of the API sends such requests. */
	@ParameterizedTest
	@ValueSource(strings = { "localhost", "LOCALHOST", "127.0.0.1", "[::1]" })
	void shouldTakeTheRequestsOfItsOwnPages(String name) {
		String host = name + ":" + this.apiPort;
		EntityExchangeResult<String> result = TestRequests.send(HttpMethod.POST, this.apiPort,
				"/v1/tenants/acme/agents/a1/calls", (headers) -> {
					headers.set(HttpHeaders.HOST, host);
					headers.setOrigin("http://" + host);
				});

		assertThat(result.getStatus().value()).isEqualTo(200);
	}

	/** On a cloud platform, Spring Boot would take these headers from anybody. */
	@Test
	void shouldIgnoreForwardedHeaders() {
		for (int port : new int[] { this.apiPort, this.managementPort }) {
			EntityExchangeResult<String> result = TestRequests.send(HttpMethod.GET, port, "/actuator/health",
					(headers) -> {
						headers.set("X-Forwarded-For", "203.0.113.9");
						headers.set("X-Forwarded-Host", "https://evil.example/");
						headers.set("X-Forwarded-Port", "port");
					});

			assertThat(result.getStatus().value()).isNotEqualTo(400);
		}
	}

	@Test
	void shouldListenOnLoopback(@Autowired Environment environment) {
		assertThat(environment.getProperty("server.address")).isEqualTo("127.0.0.1");
		assertThat(environment.getProperty("management.server.address")).isEqualTo("127.0.0.1");
	}

	private static EntityExchangeResult<String> send(HttpMethod method, int port, String path, String host) {
		return TestRequests.send(method, port, path, (headers) -> headers.set(HttpHeaders.HOST, host));
	}

}
