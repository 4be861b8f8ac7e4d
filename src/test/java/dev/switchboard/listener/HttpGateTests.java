package dev.switchboard.listener;

import java.net.Socket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HttpGateTests {

	private static final String GOOD = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

	private final GuardedServer server = new GuardedServer();

	@AfterEach
	void close() {
		this.server.close();
	}

	private void assertRefused(String request, String detail) {
		String answer = this.server.answer(request);
		assertThat(answer).startsWith("HTTP/1.1 400 Bad Request\r\n")
			.containsIgnoringCase("\r\nContent-Type: application/problem+json\r\n")
			.containsIgnoringCase("\r\nConnection: close\r\n")
			.contains("\"type\":\"urn:switchboard:problem:invalid-request\"", detail);
		assertThat(this.server.refused()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
			"nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
			"GET / HTTP/1.1\r\nHost: localhost\r\na\u0000b: c\r\n\r\n",
			"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
			"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
			"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n" })
	void shouldRefuseWhatIsNoHttp(String request) {
		assertRefused(request, "not well-formed");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "GET / HTTP/1.1\\r\\n\\r\\n | one Host",
			"GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: a\\r\\n\\r\\n | one Host",
			"GET / HTTP/1.0\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n | one Host",
			"GET / HTTP/1.1\\r\\nHost: a b\\r\\n\\r\\n | not a host",
			"GET / HTTP/1.1\\r\\nHost: a:70000\\r\\n\\r\\n | not a host",
			"GET nowhere HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | must be a path",
			"CONNECT a:1 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | must be a path",
			"PRI * HTTP/2.0\\r\\n\\r\\n | speaks HTTP/1.1", "GET / HTTP/1.9\\r\\nHost: a\\r\\n\\r\\n | speaks HTTP/1.1",
			"POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n0\\r\\n\\r\\n | is chunked",
			"POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n | well-formed",
			"POST / HTTP/1.0\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n | well-formed" })
	void shouldRefuseWhatIsAmbiguous(String request, String detail) {
		assertRefused(request.translateEscapes(), detail);
	}

	@Test
	void shouldCloseConnectionsAfterTheirAnswersWhenCallersAreToConnectAnew() {
		this.server.connections.closeAfterAnswers(true);
		assertThat(this.server.answer("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n")
			.containsIgnoringCase("\r\nConnection: close\r\n")
			.endsWith("fine");
	}

	@Test
	void shouldKeepIdleConnectionsOpenWhenCallersAreToConnectAnew() throws IOException {
		try (Socket socket = this.server.connect()) {
			this.server.connections.closeAfterAnswers(true);
			socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).endsWith("fine");
		}
	}

	@Test
	void shouldCountConnectionsOnWhichAnAnswerIsMissing() throws IOException {
		try (Socket waiting = this.server.connect(); Socket _ = this.server.connect()) {
			waiting.getOutputStream()
				.write("GET /held HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			awaitAnswering(1);
			this.server.held.tryEmitValue("at last");
			awaitAnswering(0);
		}
	}

	private void awaitAnswering(int count) {
		Awaitility.await()
			.until(() -> this.server.connections.answering().blockOptional().orElseThrow(), (open) -> open == count);
	}

	@Test
	void shouldRefuseHeadsThatAreTooLong() {
		assertRefused("GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n", "request line is too long");
	}

	@Test
	void shouldRefuseHeadersThatAreTooLong() {
		assertRefused("GET / HTTP/1.1\r\nHost: a\r\nx: " + "x".repeat(10_000) + "\r\n\r\n", "fields are too long");
	}

	@Test
	void shouldRefuseTwoCredentials() {
		assertThat(this.server
			.answer("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n"))
			.startsWith("HTTP/1.1 401 ")
			.containsIgnoringCase("\r\nWWW-Authenticate: Bearer\r\n")
			.contains("urn:switchboard:problem:unauthorized");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
			"GET / HTTP/1.1\r\nHost:\r\nConnection: x, CLOSE\r\n\r\n",
			"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\nConnection: close\r\n\r\n1\r\nx\r\n0\r\n\r\n" })
	void shouldPassOnWhatIsInOrder(String request) {
		assertThat(this.server.answer(request)).contains(" 200 OK", "fine");
		assertThat(this.server.refused()).isZero();
	}

	@Test
	void shouldAnswerTheRequestsBeforeARefusedOne() {
		String answer = this.server.answer(GOOD + GOOD + "nonsense\r\n\r\n" + GOOD);
		assertThat(answer.split("HTTP/1.1 ", -1)).satisfiesExactly((nothing) -> assertThat(nothing).isEmpty(),
				(first) -> assertThat(first).startsWith("200 ").endsWith("fine"),
				(second) -> assertThat(second).startsWith("200 ").endsWith("fine"),
				(third) -> assertThat(third).startsWith("400 ").contains("invalid-request"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "zz\r\n", "3\r\nabc\r\nzz\r\n" })
	void shouldFailTheBodyWhoseChunksAreMalformed(String chunks) {
		assertRefused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, "chunks");
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> this.server.body.get(15, TimeUnit.SECONDS));
	}

	@Test
	void shouldExplainARefusalOfTheServersOwn() {
		String answer = this.server.answer("GET /bare HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 400 ").contains("urn:switchboard:problem:invalid-request");
		assertThat(this.server.refused()).isEqualTo(1);
	}

	@Test
	void shouldSendNoBodyInAnswerToHead() {
		String answer = this.server.answer("HEAD / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void shouldLogOneOfManyAndNothingThatThePeerWrote(CapturedOutput output) {
		for (int i = 0; i < 50; i++) {
			this.server.answer("GET /peers-path HTTP/1.1\r\npeers-header\u0001: x\r\n\r\n");
		}
		assertThat(this.server.refused()).isEqualTo(50);
		assertThat(output.getAll()).containsOnlyOnce("Malformed requests on the api port: 1 since")
			.contains("from 127.0.0.1")
			.doesNotContain("peers-");
	}

	@Test
	void shouldReadTheAnswerBeforeAReset() {
		String flood = "nonsense\r\n\r\n" + "x".repeat(100_000);
		assertThat(this.server.answer(flood).getBytes(StandardCharsets.UTF_8)).asString()
			.contains("urn:switchboard:problem:invalid-request");
	}

}
