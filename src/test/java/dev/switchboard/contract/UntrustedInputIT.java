package dev.switchboard.contract;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Nothing that a peer sends is a fault of the gateway")
@ExtendWith(SharedGateway.class)
class UntrustedInputIT {

	private final GatewayProcess gateway;

	UntrustedInputIT(GatewayProcess gateway) {
		this.gateway = gateway;
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "/v1/tenants/%00/agents/a", "/v1/tenants/t/agents/%ff", "/v1/tenants/t/agents/%C0%AF",
			"/v1/tenants/t/agents/%ED%A0%80", "/v1/tenants/t/agents/%", "/v1/tenants/t/agents/%z",
			"/v1/tenants/t/agents/{a}", "/v1/tenants/t/agents/a|b", "/v1/tenants/t/agents/a\\b",
			"/v1/tenants/t/agents/\u00e4", "/v1/tenants/t/agents/[a]", "/v1/tenants/t/agents/%25",
			"/v1/tenants/t/agents/a;b", "/v1/tenants/t/agents?limit=%", "/v1/tenants/t/agents?limit=1&limit=2",
			"/v1/tenants/t/agents?limit[]=1", "/v1/tenants/t/agents?limit=99999999999999999999",
			"/v1/tenants/t/agents?limit=%00", "/v1/tenants/t/agents?cursor=%00", "/v1/tenants/t/agents?cursor=_w",
			"/v1/tenants/t/agents?cursor====", "/v1/tenants/t/agents?cursor=%ff", "/v1/tenants/t/agents?status=%ff",
			"/v1/tenants/t/agents?status", "/v1/tenants/t/agents?%", "/v1/tenants/t/agents?%ff=%ff",
			"/v1/tenants/t/calls/%00", "/v1/tenants/t/calls/%ff", "/docs/%2e%2e/", "/docs/%00", "/docs/%ff",
			"/webjars/%00", "/webjars/%ff", "/webjars/%5c..%5c", "/webjars/a:b", "/webjars/swagger-ui/%7f", "//", "/;",
			"/..", "/?", "/#", "/v1/nodes#%", "*", "http://", "http:///", "http://[", "http://a:b/",
			"https://localhost:99999/v1/nodes", "http://localhost/v1/nodes/%", "/actuator/%00", "/actuator/health/%ff",
			"/actuator/prometheus?includedNames[]=%ff", "/v1/connect?%", "/v1/connect?tenant=%ff",
			"/v1/connect?tenant=%00&agent=%zz" })
	@DisplayName("a target | never 5xx")
	void shouldAnswerForTargets(String target) throws Exception {
		for (String method : List.of("GET", "POST", "DELETE", "OPTIONS")) {
			assertNoFault(method + " " + target, "Host: localhost");
		}
	}

	static Stream<String> headers() {
		return Stream.of("Accept: " + "a/b,".repeat(60) + "*/*", "Accept: a/b;c=\"", "Accept: */*;q=nan", "Accept: x",
				"Accept: application/json;charset=nope", "Accept: */json", "Accept: ,", "Accept-Language: \u00e4;q=x",
				"Accept-Charset: x;q", "Accept-Encoding: x;q=9", "If-None-Match: \"", "If-Modified-Since: x",
				"If-Unmodified-Since: -1", "If-Range: \"", "Range: bytes=9-1", "Range: x",
				"Range: bytes=" + "0-1,".repeat(200) + "0-1", "Cookie: =;\u00ff=\u0080;$", "Origin:", "Origin: \u00e4",
				"Expect: nonsense", "Content-Type: a/b;charset=nope", "Content-Type: application/json;charset=utf-16",
				"Content-Type: application/json;charset=\"", "Content-Type: /", "Content-Type: multipart/form-data",
				"Content-Encoding: gzip", "Content-Encoding: \"", "Forwarded: for=\"",
				"Forwarded: host=\"a b\";proto=x:", "X-Forwarded-Port: x", "X-Forwarded-Host: a b",
				"X-Forwarded-Proto: :", "X-Forwarded-For: %", "X-Forwarded-Prefix: %zz",
				"Switchboard-Timeout: 99999999999999999999", "Switchboard-Timeout: -",
				"Switchboard-Connect-Wait: \u0661", "Prefer: wait=99999999999999999999", "Prefer: \"", "Prefer: =;=,",
				"traceparent: 00-" + "f".repeat(5000), "baggage: %=%", "b3: x", "Idempotency-Key: \u00e4",
				"Idempotency-Key:", "Access-Control-Request-Method: \u00e4", "Upgrade: websocket",
				"Connection: upgrade, \"", "Last-Event-ID: \u00ff", "X-HTTP-Method-Override: \u00e4", "Host: a b",
				"Host: localhost:x", "Authorization: Bearer", "Authorization: Basic %", "Sec-WebSocket-Protocol: ,\"",
				"Sec-WebSocket-Key: \u00e4", "Sec-WebSocket-Version: 99999999999999999999",
				"Switchboard-Tenant: \u00e4", "Transfer-Encoding: \u00e4", "TE: \"", "Trailer: \"");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("headers")
	@DisplayName("a header | never 5xx")
	void shouldAnswerForHeaders(String header) throws Exception {
		String host = header.startsWith("Host:") ? "x: y" : "Host: localhost";
		for (String request : List.of("GET /v1/nodes", "GET /openapi.yaml", "GET /docs", "GET /v1/tenants/t/agents",
				"GET /nothing", "OPTIONS /v1/nodes", "HEAD /v1/nodes", "GET /actuator/health",
				"GET /actuator/prometheus", "GET /v1/connect?tenant=t&agent=a", "POST /v1/tenants/t/agents/a/calls",
				"POST /v1/tenants/t/agents/a/pushes", "DELETE /v1/tenants/t/agents/a/connection")) {
			assertNoFault(request, host, header, "Content-Length: 2", "", "{}");
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "TRACE", "PROPFIND", "M-SEARCH", "get", "G\u00e4T", "!" })
	@DisplayName("a method | never 5xx")
	void shouldAnswerForMethods(String method) throws Exception {
		for (String path : List.of("/v1/nodes", "/", "/docs", "/actuator/health", "/v1/connect")) {
			assertNoFault(method + " " + path, "Host: localhost");
		}
	}

	private void assertNoFault(String request, String... lines) throws Exception {
		for (int port : List.of(this.gateway.apiPort(), this.gateway.agentPort(), this.gateway.managementPort())) {
			try (RawHttp http = RawHttp.open(port)) {
				String head = request + " HTTP/1.1\r\nConnection: close\r\n" + String.join("\r\n", lines);
				http.write(
						(head + (head.contains("\r\n\r\n") ? "" : "\r\n\r\n")).getBytes(StandardCharsets.ISO_8859_1));
				String answer = new String(http.in().readAllBytes(), StandardCharsets.UTF_8);
				assertThat(answer).as("%s at %s", request, port).matches("(?s)HTTP/1\\.[01] [234].*");
				if (port != this.gateway.managementPort() && !request.startsWith("HEAD")) {
					assertProblem(answer);
				}
			}
		}
	}

	/** A range that a page does not have is answered as for any file. */
	private static void assertProblem(String answer) {
		if (answer.startsWith("HTTP/1.1 4") && !answer.startsWith("HTTP/1.1 416")) {
			assertThat(answer).contains("\"type\":\"urn:switchboard:problem:");
		}
	}

}
