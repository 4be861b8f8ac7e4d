package dev.switchboard.listener;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CallGateTests {

	private static final String CALL = "POST /v1/tenants/t/agents/a/calls HTTP/1.1\r\nHost: a\r\n";

	private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

	private static final String LAST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

	private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)", Pattern.CASE_INSENSITIVE);

	private final GuardedServer server = new GuardedServer();

	@BeforeEach
	void overload() {
		this.server.admission.set(false);
	}

	@AfterEach
	void close() {
		this.server.close();
	}

	private static void send(Socket socket, String bytes) throws IOException {
		socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
	}

	/** Reads the next answer, which has a length. */
	private static String answer(Socket socket) throws IOException {
		InputStream in = socket.getInputStream();
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int read = in.read();
			assertThat(read).as("the end comes after %s", head).isNotNegative();
			head.append((char) read);
		}
		Matcher length = LENGTH.matcher(head);
		assertThat(length.find()).as("%s has a length", head).isTrue();
		byte[] body = in.readNBytes(Integer.parseInt(length.group(1)));
		return head + new String(body, StandardCharsets.UTF_8);
	}

	private static void assertRefused(String answer) {
		assertThat(answer).startsWith("HTTP/1.1 503 ")
			.containsPattern("(?i)\r\nRetry-After: [1-5]\r\n")
			.containsIgnoringCase("\r\nContent-Type: application/problem+json\r\n")
			.contains("\"type\":\"urn:switchboard:problem:unavailable\"", "\"status\":503", "\"outcome\":\"not_sent\"");
	}

	// oven-sh/bun#35283, scylladb/seastar#2759
	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 7\r\n\r\nGET / \r", "Content-Length: 0\r\n\r\n",
			"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\nGET \r\n0\r\n\r\n" })
	void shouldRefuseACallAndTakeTheNextRequest(String rest) throws IOException {
		try (Socket socket = this.server.connect()) {
			for (int i = 0; i < 3; i++) {
				send(socket, CALL + rest);
				assertRefused(answer(socket));
			}
			send(socket, LAST);
			assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
		}
	}

	@Test
	void shouldAnswerBeforeTheBodyHasCome() throws IOException {
		try (Socket socket = this.server.connect()) {
			send(socket, CALL + "Content-Length: 300000\r\n\r\n" + "x".repeat(1000));
			assertRefused(answer(socket));
			send(socket, "x".repeat(299_000) + LAST);
			assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
		}
	}

	@Test
	void shouldCloseTheConnectionOfAnEndlessBody() throws IOException {
		try (Socket socket = this.server.connect()) {
			send(socket, CALL + "Transfer-Encoding: chunked\r\n\r\n");
			assertRefused(answer(socket));
			String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
				while (true) {
					send(socket, chunk);
				}
			});
		}
	}

	@ParameterizedTest
	@CsvSource({ "GET, /v1/tenants/t/agents/a, false", "GET, /v1/tenants/t/calls, false",
			"POST, /v1/nodes/n/drain, false", "DELETE, /v1/tenants/t/calls/c, false",
			"POST, /v1/tenants/t/agents/a/calls, true", "POST, /v1/tenants/t/agents/a/calls?a=/b, true",
			"POST, /v1/tenants/t/agents/a/pushes, true", "POST, /v1/tenants/t/fleet-calls, true",
			"POST, /v1/tenants/t/fleet-pushes, true", "POST, /v1/x?/calls, false" })
	void shouldKnowCallsAndPushes(String method, String target, boolean call) {
		assertThat(CallGate.isCall(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), target)))
			.isEqualTo(call);
	}

	@Test
	void shouldTakeOtherRequests() throws IOException {
		try (Socket socket = this.server.connect()) {
			send(socket, GET);
			assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
			send(socket, "POST /v1/nodes/n/drain HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}");
			assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
		}
	}

	@Test
	void shouldTakeCallsAgainOnTheSameConnection() throws IOException {
		try (Socket socket = this.server.connect()) {
			send(socket, CALL + "Content-Length: 2\r\n\r\n{}");
			assertRefused(answer(socket));
			this.server.admission.set(true);
			send(socket, CALL + "Content-Length: 2\r\n\r\n{}");
			assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
		}
	}

	@Test
	void shouldAnswerPipelinedRequestsInTheirOrder() throws IOException {
		try (Socket socket = this.server.connect()) {
			send(socket, "GET /held HTTP/1.1\r\nHost: a\r\n\r\n" + CALL + "Content-Length: 2\r\n\r\n{}" + GET);
			Awaitility.await()
				.until(() -> this.server.connections.answering().blockOptional().orElseThrow(), (open) -> open == 1);
			this.server.held.tryEmitValue("at last");
			String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			assertThat(answers).startsWith("HTTP/1.1 200 ").containsOnlyOnce("200 OK");
			assertRefused(answers.substring(answers.indexOf("HTTP/1.1 503")));
			assertThat(answers).containsIgnoringCase("\r\nConnection: close\r\n");
			assertThat(this.server.refused()).isZero();
		}
	}

	@Test
	void shouldAnswerPipelinedRefusalsOneByOne() {
		String answers = this.server.answer((CALL + "Content-Length: 2\r\n\r\n{}").repeat(5) + LAST);
		assertThat(answers.split("HTTP/1.1 503 ", -1)).hasSize(6);
		assertThat(answers).contains("HTTP/1.1 200 OK").endsWith("fine");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Connection: close\r\nContent-Length: 2\r\n\r\n{}",
			"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n" })
	void shouldCloseConnectionsOnWhichNoFurtherRequestCanCome(String rest) {
		String answer = this.server.answer(CALL + rest);
		assertRefused(answer);
		assertThat(answer).containsIgnoringCase("\r\nConnection: close\r\n");
	}

	@Test
	void shouldEndWithTheCallerThatLeavesItsBodyUnfinished() throws IOException {
		try (Socket socket = this.server.connect()) {
			send(socket, CALL + "Content-Length: 10\r\n\r\nabc");
			assertRefused(answer(socket));
			socket.shutdownOutput();
			assertThat(socket.getInputStream().read()).isNegative();
		}
	}

	@Test
	void shouldReadAConnectionAgainAfterAPause() throws IOException {
		this.server.pauseMillis.set(300);
		try (Socket socket = this.server.connect()) {
			for (int i = 0; i < 3; i++) {
				send(socket, CALL + "Content-Length: 2\r\n\r\n{}");
				assertRefused(answer(socket));
			}
		}
	}

}
