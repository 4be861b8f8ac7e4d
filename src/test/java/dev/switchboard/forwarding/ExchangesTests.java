package dev.switchboard.forwarding;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.switchboard.listener.CallAdmission;
import dev.switchboard.listener.RefusedRequests;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.resolver.DefaultAddressResolverGroup;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Replays the exchanges of the last release byte for byte: this version serves its
 * requests and understands its answers. At a release,
 * {@code -Dswitchboard.record-exchanges} records the exchanges of the new version.
 */
class ExchangesTests {

	static final Duration LONG = Duration.ofSeconds(30);

	private static final Path RECORDED = Path.of("src/test/resources/dev/switchboard/forwarding/wire-1");

	private static final boolean RECORDS = System.getProperty("switchboard.record-exchanges") != null;

	/**
	 * The number of bytes that a requester sends before its first frame (RFC 9113 section
	 * 3.4).
	 */
	private static final int PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length();

	private static final int END_STREAM = 1;

	private final ForwardingSettings settings = new ForwardingSettings(0, "127.0.0.1",
			"a-secret-of-32-characters-for-all", LONG, LONG, 1000);

	private final LoopResources loops = LoopResources.create("exchanges-test", 1, true);

	private final Peers peers = new Peers(this.settings, this.loops, DefaultAddressResolverGroup.INSTANCE,
			new ForwardingMetrics(new SimpleMeterRegistry()), TimeSource.SYSTEM, null);

	private final List<String> served = new CopyOnWriteArrayList<>();

	@AfterEach
	void stop() {
		this.peers.destroy();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(LONG);
	}

	private ForwardingServer serving(Exchange exchange) {
		ForwardingServer server = new ForwardingServer(this.settings, true, exchange.handlers(this.served), 100_000,
				this.loops, new RefusedRequests("forwarding", new SimpleMeterRegistry(), TimeSource.SYSTEM),
				CallAdmission.Loops.ALWAYS, new ChannelInboundHandlerAdapter(), TimeSource.SYSTEM);
		server.start();
		return server;
	}

	@ParameterizedTest
	@EnumSource
	void shouldServeTheRequestsOfTheLastRelease(Exchange exchange) throws IOException {
		if (RECORDS) {
			record(exchange);
		}
		ForwardingServer server = serving(exchange);
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
			socket.getOutputStream().write(Files.readAllBytes(RECORDED.resolve(exchange.file() + ".request")));
			Awaitility.await().atMost(LONG).until(() -> !this.served.isEmpty());
		}
		exchange.send(this.peers, server.port());
		assertThat(this.served.getFirst()).as("what is read of its request, and of this version's")
			.isEqualTo(this.served.getLast());
		server.stop();
	}

	@ParameterizedTest
	@EnumSource
	void shouldUnderstandTheAnswersOfTheLastRelease(Exchange exchange) throws IOException {
		if (RECORDS) {
			record(exchange);
		}
		byte[] answer = Files.readAllBytes(RECORDED.resolve(exchange.file() + ".answer"));
		try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Thread.ofVirtual().start(() -> answer(listening, answer));
			assertThat(exchange.send(this.peers, listening.getLocalPort())).isEqualTo(exchange.result);
		}
	}

	/**
	 * Sends the frames about the connection at once, and the frames about the request
	 * after the request has come.
	 */
	private static void answer(ServerSocket listening, byte[] answer) {
		try (Socket socket = listening.accept()) {
			DataInputStream in = new DataInputStream(socket.getInputStream());
			OutputStream out = socket.getOutputStream();
			int ofRequest = lengthBeforeRequest(answer);
			out.write(answer, 0, ofRequest);
			in.readNBytes(PREFACE);
			while (true) {
				Head head = Head.read(in);
				if (head.stream > 0 && (head.flags & END_STREAM) != 0 && head.type <= 1) {
					break;
				}
			}
			out.write(answer, ofRequest, answer.length - ofRequest);
			in.transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int lengthBeforeRequest(byte[] answer) throws IOException {
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(answer));
		int length = 0;
		for (Head head = Head.read(in); head.stream == 0; head = Head.read(in)) {
			length += Head.LENGTH + head.payload;
		}
		return length;
	}

	/** The head of a frame (RFC 9113 section 4.1), whose payload has been skipped. */
	private record Head(int payload, int type, int flags, int stream) {

		private static final int LENGTH = 9;

		static Head read(DataInputStream in) throws IOException {
			int payload = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
			Head head = new Head(payload, in.readUnsignedByte(), in.readUnsignedByte(), in.readInt());
			in.skipNBytes(payload);
			return head;
		}

	}

	/**
	 * Makes the exchange between two nodes of this version, and records the bytes in
	 * between.
	 */
	private void record(Exchange exchange) throws IOException {
		ForwardingServer server = serving(exchange);
		ByteArrayOutputStream request = new ByteArrayOutputStream();
		ByteArrayOutputStream answer = new ByteArrayOutputStream();
		try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Thread.ofVirtual().start(() -> relay(listening, server.port(), request, answer));
			assertThat(exchange.send(this.peers, listening.getLocalPort())).isEqualTo(exchange.result);
		}
		Files.createDirectories(RECORDED);
		Files.write(RECORDED.resolve(exchange.file() + ".request"), request.toByteArray());
		Files.write(RECORDED.resolve(exchange.file() + ".answer"), answer.toByteArray());
		this.served.clear();
		server.stop();
	}

	private static void relay(ServerSocket listening, int port, OutputStream request, OutputStream answer) {
		try (Socket from = listening.accept(); Socket to = new Socket(InetAddress.getLoopbackAddress(), port)) {
			Thread back = Thread.ofVirtual().start(() -> copy(to, from, answer));
			copy(from, to, request);
			back.interrupt();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void copy(Socket from, Socket to, OutputStream kept) {
		byte[] buffer = new byte[8192];
		try {
			InputStream in = from.getInputStream();
			for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
				kept.write(buffer, 0, n);
				to.getOutputStream().write(buffer, 0, n);
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

}
