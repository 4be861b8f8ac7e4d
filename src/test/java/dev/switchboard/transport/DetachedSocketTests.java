package dev.switchboard.transport;

import java.io.File;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.reactive.socket.WebSocketMessage;

import static dev.switchboard.transport.ClientFrames.FINAL;
import static dev.switchboard.transport.ClientFrames.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests for {@link DetachedSocket} beyond what all sessions have in common. */
class DetachedSocketTests {

	private static final TransportSettings SETTINGS = new TransportSettings(1024);

	@Test
	void shouldCarryTheSessionOfAPlainEpollChannelOnly() throws Exception {
		for (WebSocketServer.Kind kind : WebSocketServer.Kind.values()) {
			try (WebSocketServer server = server(kind); TestClient client = server.connect()) {
				Object wire = ReflectionTestUtils.getField(server.session(), "wire");
				boolean detached = wire instanceof DetachedSocket;
				assertThat(detached).as("%s, %s", kind, client.socket).isEqualTo(kind == WebSocketServer.Kind.DETACHED);
			}
		}
	}

	@Test
	void shouldLeaveNoDescriptorBehindHoweverItEnds() throws Exception {
		try (WebSocketServer server = server(WebSocketServer.Kind.DETACHED)) {
			server.connect().close();
			int before = descriptors();
			for (int i = 0; i < 50; i++) {
				try (TestClient closing = server.connect();
						TestClient resetting = server.connect();
						TestClient ending = server.connect();
						TestClient violating = server.connect()) {
					closing.send(ClientFrames.close(1000, ""));
					resetting.socket.setSoLinger(true, 0);
					resetting.socket.close();
					ending.socket.shutdownOutput();
					violating.send(header(FINAL | 0x7, 0)).socket.shutdownOutput();
					assertThat(closing.readClose()).isEqualTo(1000);
					assertThat(violating.readClose()).isEqualTo(1002);
					assertThat(ending.isAtEnd()).isTrue();
				}
			}
			await().until(() -> descriptors() <= before);
		}
	}

	@Test
	void shouldReadWhatHasComeBeforeAWriteFails() throws Exception {
		Sinks.Many<String> outbound = Sinks.many().unicast().onBackpressureBuffer();
		List<String> received = new CopyOnWriteArrayList<>();
		try (WebSocketServer server = new WebSocketServer(WebSocketServer.Kind.DETACHED, SETTINGS,
				(session) -> session.send(outbound.asFlux().map(session::textMessage))
					.and(session.receive().map(WebSocketMessage::getPayloadAsText).doOnNext(received::add)));
				TestClient client = server.connect()) {
			// The event loop does not see the answer and the reset before it writes.
			server.session().eventLoop().submit(() -> {
				client.send(ClientFrames.text("answer"));
				client.socket.setSoLinger(true, 0);
				client.socket.close();
				return outbound.tryEmitNext("a call");
			}).get(10, TimeUnit.SECONDS);
			await().until(() -> received.equals(List.of("answer")));
		}
	}

	private static WebSocketServer server(WebSocketServer.Kind kind) {
		return new WebSocketServer(kind, SETTINGS, (session) -> session.send(session.receive()));
	}

	private static int descriptors() {
		return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
	}

}
