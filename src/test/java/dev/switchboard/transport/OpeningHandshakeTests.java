package dev.switchboard.transport;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the opening handshake (RFC 6455 section 4.2) by
 * {@link TakeoverUpgradeStrategy}.
 */
class OpeningHandshakeTests {

	private final WebSocketServer server = new WebSocketServer(WebSocketServer.Kind.EPOLL, new TransportSettings(1024),
			new Speaking("chat"));

	@AfterEach
	void close() {
		this.server.close();
	}

	@Test
	void shouldAnswerTheRfcsOwnExample() throws Exception {
		assertThat(answer(TestClient.UPGRADE)).startsWith("HTTP/1.1 101 ")
			.contains("\r\nUpgrade: websocket\r\n", "\r\nConnection: Upgrade\r\n",
					"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
			.doesNotContain("Sec-WebSocket-Protocol", "Extensions", "Content-Length");
	}

	@Test
	void shouldSelectASubprotocol() throws Exception {
		assertThat(answer(with("Sec-WebSocket-Protocol: chat,other"))).contains("\r\nSec-WebSocket-Protocol: chat\r\n");
	}

	@Test
	void shouldOfferNoExtensions() throws Exception {
		assertThat(answer(with("Sec-WebSocket-Extensions: permessage-deflate"))).startsWith("HTTP/1.1 101 ")
			.doesNotContain("Extensions");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Sec-WebSocket-Version: 8", "Sec-WebSocket-Version: 13, 8", "X: no version" })
	void shouldAskForVersion13(String version) throws Exception {
		assertThat(answer(TestClient.UPGRADE.replace("Sec-WebSocket-Version: 13", version))).startsWith("HTTP/1.1 426 ")
			.containsIgnoringCase("\r\nSec-WebSocket-Version: 13\r\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Sec-WebSocket-Key: c2hvcnQ=", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ",
			"Sec-WebSocket-Key: !!!hIHNhbXBsZSBub25jZQ==", "X: no key" })
	void shouldRefuseAKeyThatIsNone(String key) throws Exception {
		assertThat(answer(TestClient.UPGRADE.replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", key)))
			.startsWith("HTTP/1.1 400 ");
	}

	@Test
	void shouldRefuseHttp10() throws Exception {
		assertThat(answer(TestClient.UPGRADE.replace("HTTP/1.1", "HTTP/1.0"))).contains(" 400 ");
	}

	private String answer(String request) throws Exception {
		try (TestClient client = this.server.open()) {
			return client.send(ClientFrames.utf8(request)).readHead();
		}
	}

	private static String with(String header) {
		return TestClient.UPGRADE.replace("Sec-WebSocket-Version", header + "\r\nSec-WebSocket-Version");
	}

	private record Speaking(String protocol) implements WebSocketHandler {

		@Override
		public List<String> getSubProtocols() {
			return List.of(this.protocol);
		}

		@Override
		public Mono<Void> handle(WebSocketSession session) {
			return session.receive().then();
		}

	}

}
