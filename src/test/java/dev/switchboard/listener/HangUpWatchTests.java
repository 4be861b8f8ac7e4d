package dev.switchboard.listener;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HangUpWatchTests {

	private final GuardedServer server = new GuardedServer();

	@AfterEach
	void close() {
		this.server.close();
	}

	private Socket send(String request) throws IOException {
		Socket socket = this.server.connect();
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private static String get(String path) {
		return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
	}

	private static void readUpTo(InputStream in, String text) throws IOException {
		StringBuilder read = new StringBuilder();
		while (read.indexOf(text) < 0) {
			int next = in.read();
			assertThat(next).as("the end after '%s'", read).isNotNegative();
			read.append((char) next);
		}
	}

	@Test
	void shouldAnswerWhoeverHasClosedItsSendingSide() throws Exception {
		try (Socket caller = send(get("/") + get("/"))) {
			caller.shutdownOutput();
			String answers = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(answers.split("fine", -1)).hasSize(3);
		}
	}

	@Test
	void shouldGiveAWholeAnswerToWhoeverHasClosedItsSendingSideAndReadsSlowly() throws Exception {
		try (Socket caller = send(get("/large"))) {
			caller.shutdownOutput();
			readUpTo(caller.getInputStream(), "\r\n\r\n");
			assertThat(caller.getInputStream().readAllBytes()).hasSizeGreaterThanOrEqualTo(GuardedServer.LARGE);
		}
	}

	@ParameterizedTest
	@CsvSource({ "/held, HTTP/1.1 100 Continue", "/stream, :" })
	void shouldAnswerWhoeverStillReadsAfterAProbe(String path, String probe) throws Exception {
		try (Socket caller = send(get(path))) {
			caller.shutdownOutput();
			readUpTo(caller.getInputStream(), path.equals("/held") ? probe : "\r\n3\r\n" + probe);
			assertThat(this.server.heldIsCancelled).isNotDone();
			this.server.held.tryEmitValue("at last");
			readUpTo(caller.getInputStream(), "at last");
			caller.getInputStream().readAllBytes();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/held", "/stream" })
	void shouldCancelWhatNobodyWaitsForAnyMore(String path) throws Exception {
		try (Socket caller = send(get(path))) {
			if (path.equals("/stream")) {
				readUpTo(caller.getInputStream(), "first\n\n\r\n");
			}
		}
		this.server.heldIsCancelled.get(15, TimeUnit.SECONDS);
	}

	@Test
	void shouldCancelWhenAPeerResets() throws Exception {
		try (Socket caller = send(get("/held"))) {
			caller.shutdownOutput();
			readUpTo(caller.getInputStream(), "100 Continue");
			caller.setSoLinger(true, 0);
		}
		this.server.heldIsCancelled.get(15, TimeUnit.SECONDS);
	}

	@Test
	void shouldTakeTheEndOfHttp10ForAHangUp() throws Exception {
		try (Socket caller = send("GET /held HTTP/1.0\r\n\r\n")) {
			caller.shutdownOutput();
			assertThat(caller.getInputStream().readAllBytes()).isEmpty();
		}
		this.server.heldIsCancelled.get(15, TimeUnit.SECONDS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "GET", "\r\n" })
	void shouldCloseAConnectionThatWaitsForNothing(String begun) throws Exception {
		try (Socket caller = send(begun)) {
			caller.shutdownOutput();
			assertThat(caller.getInputStream().readAllBytes()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n" })
	void shouldNotTakeABodyThatBrokeOffForAWholeOne(String rest) throws Exception {
		try (Socket caller = send("POST / HTTP/1.1\r\nHost: a\r\n" + rest)) {
			caller.shutdownOutput();
			assertThat(caller.getInputStream().readAllBytes()).asString(StandardCharsets.UTF_8)
				.startsWith("HTTP/1.1 400 ")
				.contains("broke off");
		}
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> this.server.body.get(15, TimeUnit.SECONDS));
	}

}
