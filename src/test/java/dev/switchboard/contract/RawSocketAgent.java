package dev.switchboard.contract;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.GatewayProcess;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An agent on a plain socket, which can send any bytes and sees all that come. */
final class RawSocketAgent implements TestAgent {

	private static final byte[] MASK = { 0x37, (byte) 0xFA, 0x21, 0x3D };

	private final RawHttp http;

	private final DataInputStream in;

	private final JsonNode welcome;

	private RawSocketAgent(RawHttp http) throws Exception {
		this.http = http;
		this.in = new DataInputStream(http.in());
		this.welcome = Json.parse(next());
	}

	static RawSocketAgent connect(GatewayProcess gateway, Identity identity) throws Exception {
		return connect(RawHttp.open(gateway.agentPort()), identity);
	}

	/** Connects over a socket that is open, claiming the identity by headers. */
	static RawSocketAgent connect(RawHttp http, Identity identity) throws Exception {
		return connect(http, claim(identity));
	}

	/** Connects over a socket that is open, with these header lines. */
	static RawSocketAgent connect(RawHttp http, String... headerLines) throws Exception {
		http.head("GET /v1/connect", handshake(headerLines));
		RawResponse response = http.readResponse();
		if (response.status() != 101) {
			throw new AssertionError(response + " " + response.body());
		}
		return new RawSocketAgent(http);
	}

	/**
	 * Returns an agent on a socket whose handshake was answered with 101. Reads the
	 * welcome.
	 */
	static RawSocketAgent upgraded(RawHttp http) throws Exception {
		return new RawSocketAgent(http);
	}

	/** Tries a handshake with these header lines, and returns the server's answer. */
	static RawResponse handshake(GatewayProcess gateway, String target, String... headerLines) throws IOException {
		try (RawHttp http = RawHttp.open(gateway.agentPort())) {
			http.head("GET " + target, handshake(headerLines));
			return http.readResponse();
		}
	}

	/** The bytes of a handshake that claims the identity by headers. */
	static byte[] handshakeBytes(Identity identity) {
		return RawHttp.headBytes("GET /v1/connect", handshake(claim(identity)));
	}

	private static String[] claim(Identity identity) {
		return new String[] { "Switchboard-Tenant: " + identity.tenant(), "Switchboard-Agent: " + identity.agent(),
				"Sec-WebSocket-Protocol: switchboard.v1.json" };
	}

	private static String[] handshake(String... headerLines) {
		List<String> lines = new ArrayList<>(List.of("Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
				"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
		lines.addAll(List.of(headerLines));
		return lines.toArray(String[]::new);
	}

	@Override
	public JsonNode welcome() {
		return this.welcome;
	}

	@Override
	public void send(String message) throws IOException {
		sendFrame(WireFrame.FIN_TEXT, message.getBytes(StandardCharsets.UTF_8));
	}

	/** Sends a frame, masked, with this first byte. */
	void sendFrame(int head, byte... payload) throws IOException {
		this.http.write(frame(head, payload));
	}

	/** A masked frame with this first byte. */
	static byte[] frame(int head, byte... payload) {
		byte[] masked = payload.clone();
		for (int i = 0; i < masked.length; i++) {
			masked[i] ^= MASK[i % 4];
		}
		return concat(header(head, 0x80, payload.length), MASK, masked);
	}

	void sendUnmasked(int head, byte... payload) throws IOException {
		this.http.write(concat(header(head, 0, payload.length), payload));
	}

	/** Sends only the beginning of a masked frame that claims to have this length. */
	void sendHeader(int head, long length) throws IOException {
		this.http.write(concat(header(head, 0x80, length), MASK));
	}

	void sendBytes(byte[] bytes) throws IOException {
		this.http.write(bytes);
	}

	@Override
	public @Nullable String poll(Duration limit) throws IOException {
		long deadline = System.nanoTime() + limit.toNanos();
		while (true) {
			Duration left = Duration.ofNanos(deadline - System.nanoTime());
			WireFrame frame = (left.toMillis() > 0) ? pollFrame(left) : null;
			if (frame == null) {
				return null;
			}
			switch (frame.head()) {
				case WireFrame.FIN_TEXT -> {
					return frame.text();
				}
				case WireFrame.FIN_PING -> sendFrame(WireFrame.FIN_PONG, frame.payload());
				case WireFrame.FIN_CLOSE -> throw new AssertionError("closed with " + frame.closeCode());
				default -> {
				}
			}
		}
	}

	/** The next frame of any kind, or null if none began in time; answers nothing. */
	@Nullable WireFrame pollFrame(Duration limit) throws IOException {
		int head;
		try {
			this.http.socket().setSoTimeout((int) limit.toMillis());
			head = this.in.readUnsignedByte();
		}
		catch (SocketTimeoutException ex) {
			return null;
		}
		this.http.socket().setSoTimeout((int) PATIENCE.toMillis());
		int length = this.in.readUnsignedByte();
		if (length > 127) {
			throw new AssertionError("the server must not mask");
		}
		long extended = switch (length) {
			case 126 -> this.in.readUnsignedShort();
			case 127 -> this.in.readLong();
			default -> length;
		};
		byte[] payload = new byte[Math.toIntExact(extended)];
		this.in.readFully(payload);
		return new WireFrame(head, payload);
	}

	/** Waits for a frame with this first byte; answers nothing. */
	WireFrame awaitFrame(int head) throws IOException {
		while (true) {
			WireFrame frame = pollFrame(PATIENCE);
			if (frame == null) {
				throw new AssertionError("no such frame came");
			}
			if (frame.head() == head) {
				return frame;
			}
		}
	}

	/** Answers the close, too, and expects the server to end the connection then. */
	@Override
	public int awaitClose() throws IOException {
		try {
			WireFrame close = awaitFrame(WireFrame.FIN_CLOSE);
			endAfter(close);
			return close.closeCode();
		}
		catch (EOFException | SocketException ex) {
			return WireFrame.NO_CLOSE_FRAME;
		}
	}

	@Override
	public void die() throws IOException {
		this.http.reset();
	}

	/** Ends its side of the socket; the gateway's stays open. */
	void endOutput() throws IOException {
		this.http.socket().shutdownOutput();
	}

	@Override
	public void close() throws IOException {
		this.http.close();
	}

	/** The server may have ended the connection already when the answer is written. */
	private void endAfter(WireFrame close) throws IOException {
		try {
			sendFrame(WireFrame.FIN_CLOSE, close.payload());
			if (pollFrame(PATIENCE) == null) {
				throw new AssertionError("the server did not end the connection after its close");
			}
		}
		catch (EOFException | SocketException ex) {
			// The end.
		}
	}

	private static byte[] header(int head, int mask, long length) {
		ByteBuffer header = ByteBuffer.allocate(10).put((byte) head);
		if (length < 126) {
			header.put((byte) (mask | length));
		}
		else if (length < 65536) {
			header.put((byte) (mask | 126)).putShort((short) length);
		}
		else {
			header.put((byte) (mask | 127)).putLong(length);
		}
		byte[] bytes = new byte[header.position()];
		header.flip().get(bytes);
		return bytes;
	}

	static byte[] concat(byte[]... parts) {
		ByteBuffer all = ByteBuffer.allocate(List.of(parts).stream().mapToInt((part) -> part.length).sum());
		for (byte[] part : parts) {
			all.put(part);
		}
		return all.array();
	}

}
