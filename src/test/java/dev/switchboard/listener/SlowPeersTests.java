package dev.switchboard.listener;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SlowPeersTests {

	private static final Duration LIMIT = Duration.ofMillis(300);

	private final GuardedServer server = new GuardedServer(GuardedServer.settings(LIMIT, 1000, 100));

	@AfterEach
	void close() {
		this.server.close();
	}

	@Test
	void shouldAnswerASlowHeadWith408() {
		assertTooSlow(this.server.answer("GET / HTTP/1.1\r\nHost: a\r\nX: "));
		assertThat(slow("head")).isEqualTo(1);
	}

	/** In warmcat/libwebsockets#2154 the question is whether each byte begins it anew. */
	@Test
	void shouldAnswerAHeadThatComesByteByByteWith408() throws Exception {
		try (Socket socket = this.server.connect()) {
			socket.getOutputStream().write(ascii("GET / HTTP/1.1\r\nHost: a\r\nX: "));
			Thread.ofVirtual().start(() -> dribble(socket));
			assertTooSlow(answer(socket));
		}
		assertThat(slow("head")).isEqualTo(1);
	}

	@Test
	void shouldAnswerASlowBodyWith408() throws Exception {
		try (Socket socket = this.server.connect()) {
			socket.getOutputStream().write(ascii("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nbegin"));
			Thread.ofVirtual().start(() -> dribble(socket));
			assertTooSlow(answer(socket));
		}
		assertThat(slow("body")).isEqualTo(1);
		assertThat(this.server.body).failsWithin(Duration.ofSeconds(30));
	}

	@Test
	void shouldCloseAConnectionWhoseAnswerIsNotRead() throws Exception {
		try (Socket socket = this.server.connect()) {
			socket.getOutputStream().write(ascii("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"));
			Awaitility.await().until(() -> slow("answer") == 1);
			assertThat(answer(socket).length()).isLessThan(GuardedServer.LARGE);
		}
	}

	@Test
	void shouldTakeAnAnswerThatIsReadSlowlyAndSteadily() throws Exception {
		try (Socket socket = this.server.connect()) {
			socket.getOutputStream().write(ascii("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
			assertThat(answer(socket).length()).isGreaterThan(GuardedServer.LARGE);
		}
		assertThat(slow("answer")).isZero();
	}

	/** The other connection is slow, so the time was over for both. */
	@Test
	void shouldLeaveARequestAloneThatIsBeingWorkedOn() throws Exception {
		try (Socket socket = this.server.connect()) {
			socket.getOutputStream().write(ascii("GET /held HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
			endTwoSlowPeers();
			this.server.held.tryEmitValue("late").orThrow();
			assertThat(answer(socket)).startsWith("HTTP/1.1 200 OK").endsWith("late");
		}
	}

	@Test
	void shouldLeaveAnIdleConnectionAlone() throws Exception {
		try (Socket socket = this.server.connect()) {
			socket.getOutputStream().write(ascii("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
			assertThat(socket.getInputStream().read()).isEqualTo('H');
			endTwoSlowPeers();
			socket.getOutputStream().write(ascii("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
			assertThat(answer(socket)).contains("fineHTTP/1.1 200 OK").endsWith("fine");
		}
	}

	private void endTwoSlowPeers() {
		assertTooSlow(this.server.answer("GET / HT"));
		assertTooSlow(this.server.answer("GET / HT"));
		assertThat(slow("head")).isEqualTo(2);
	}

	private static void assertTooSlow(String answer) {
		assertThat(answer).startsWith("HTTP/1.1 408 Request Timeout\r\n")
			.contains("\"type\":\"urn:switchboard:problem:request-timeout\"");
	}

	private double slow(String part) {
		return this.server.meters.get("switchboard.requests.slow")
			.tag("part", part)
			.tag("listener", "api")
			.counter()
			.count();
	}

	private static void dribble(Socket socket) {
		try {
			while (!socket.isClosed()) {
				socket.getOutputStream().write('x');
				Awaitility.await().pollDelay(LIMIT.dividedBy(10)).until(() -> true);
			}
		}
		catch (IOException ex) {
			// The server has closed the connection.
		}
	}

	private static String answer(Socket socket) throws IOException {
		StringBuilder answer = new StringBuilder();
		byte[] buffer = new byte[65_536];
		try {
			for (int n = socket.getInputStream().read(buffer); n >= 0; n = socket.getInputStream().read(buffer)) {
				answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
			}
		}
		catch (SocketException ex) {
			// A reset, since the server had not read all bytes.
		}
		return answer.toString();
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
