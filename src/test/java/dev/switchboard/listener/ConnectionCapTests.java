package dev.switchboard.listener;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.NetUtil;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionCapTests {

	private static final int LIMIT = 4;

	private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final PortConnections port = new PortConnections("api", LIMIT, 50, this.meters);

	@Test
	void shouldRefuseConnectionsBeyondTheLimitOfThePort() {
		for (int i = 0; i < LIMIT; i++) {
			assertThat(this.port.enter(source("192.0." + i + ".1"))).isTrue();
		}
		assertThat(this.port.enter(source("192.0.9.1"))).isFalse();
		this.port.leave(source("192.0.0.1"));
		assertThat(this.port.enter(source("192.0.9.1"))).isTrue();
		assertThat(refused(this.meters, "port")).isEqualTo(1);
		assertThat(open()).isEqualTo(LIMIT);
	}

	@Test
	void shouldLeaveRoomToOtherNetworks() {
		assertThat(this.port.enter(source("192.0.2.1"))).isTrue();
		assertThat(this.port.enter(source("192.0.2.2"))).isTrue();
		assertThat(this.port.enter(source("192.0.2.3"))).isFalse();
		assertThat(this.port.enter(source("192.0.3.1"))).isTrue();
		this.port.leave(source("192.0.2.9"));
		assertThat(this.port.enter(source("192.0.2.3"))).isTrue();
		assertThat(refused(this.meters, "source")).isEqualTo(1);
	}

	@Test
	void shouldCountAConnectionWithoutANetworkOnlyForThePort() {
		for (int i = 0; i < LIMIT; i++) {
			assertThat(this.port.enter(null)).isTrue();
		}
		assertThat(this.port.enter(null)).isFalse();
		for (int i = 0; i < LIMIT; i++) {
			this.port.leave(null);
		}
		assertThat(open()).isZero();
	}

	@Test
	void shouldAnswerAConnectionBeyondTheLimitWith503() throws Exception {
		try (GuardedServer server = new GuardedServer(GuardedServer.settings(Duration.ofMinutes(5), LIMIT, 100))) {
			List<Socket> idle = new ArrayList<>();
			for (int i = 0; i < LIMIT; i++) {
				idle.add(server.connect());
			}
			Awaitility.await().until(() -> server.open() == LIMIT);
			try (Socket socket = server.connect()) {
				String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
				assertThat(answer).startsWith("HTTP/1.1 503 Service Unavailable\r\n")
					.containsPattern("Retry-After: ([1-9]|10)\r\n")
					.contains("\"type\":\"urn:switchboard:problem:unavailable\"");
			}
			assertThat(refused(server.meters, "port")).isEqualTo(1);
			for (Socket each : idle) {
				each.close();
			}
			Awaitility.await().until(() -> server.open() == 0);
			assertThat(server.answer(REQUEST)).startsWith("HTTP/1.1 200 OK");
		}
	}

	@Test
	void shouldForgetEachConnectionThatEnds() throws IOException {
		try (GuardedServer server = new GuardedServer(GuardedServer.settings(Duration.ofMinutes(5), LIMIT, 100))) {
			for (int i = 0; i < 5 * LIMIT; i++) {
				assertThat(server.answer((i % 2 == 0) ? REQUEST : "nonsense\r\n\r\n")).startsWith("HTTP/1.1 ");
			}
			Awaitility.await().until(() -> server.open() == 0);
		}
	}

	private static @Nullable Source source(String address) {
		return PortConnections.source(new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(address), 1));
	}

	private double open() {
		return this.meters.get("switchboard.ports.connections").gauge().value();
	}

	private static double refused(SimpleMeterRegistry meters, String limit) {
		return meters.get("switchboard.ports.refused").tag("limit", limit).tag("listener", "api").counter().count();
	}

}
