package dev.switchboard.transport;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;

/** A WebSocket client of few means, which does nothing by itself. */
final class TestClient implements AutoCloseable {

	static final String UPGRADE = """
			GET /socket HTTP/1.1\r
			Host: localhost\r
			Upgrade: websocket\r
			Connection: Upgrade\r
			Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
			Sec-WebSocket-Version: 13\r
			\r
			""";

	final Socket socket;

	private final DataInputStream in;

	TestClient(Socket socket) throws IOException {
		this.socket = socket;
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(10_000);
		this.in = new DataInputStream(this.socket.getInputStream());
	}

	TestClient upgrade() throws IOException {
		send(ClientFrames.utf8(UPGRADE));
		assertThat(readHead()).startsWith("HTTP/1.1 101 ");
		return this;
	}

	TestClient send(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		return this;
	}

	/** The head of an HTTP response. */
	String readHead() throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
			head.write(this.in.readByte());
		}
		return head.toString(StandardCharsets.US_ASCII);
	}

	/** The next frame; fails at the end of the stream. */
	RawMessage read() throws IOException {
		int first = this.in.readUnsignedByte();
		assertThat(first & 0x70).as("reserved bits").isZero();
		int length = this.in.readUnsignedByte();
		assertThat(length).as("unmasked").isLessThan(128);
		long size = (length < 126) ? length : (length == 126) ? this.in.readUnsignedShort() : this.in.readLong();
		return new RawMessage(first & 0x0F, this.in.readNBytes((int) size));
	}

	String readText() throws IOException {
		RawMessage frame = read();
		assertThat(frame.opcode()).isEqualTo(Opcode.TEXT);
		return new String(frame.payload(), StandardCharsets.UTF_8);
	}

	/** The code of a Close frame that must come next, 0 if it has none. */
	int readClose() throws IOException {
		RawMessage frame = read();
		assertThat(frame.opcode()).isEqualTo(Opcode.CLOSE);
		byte[] payload = frame.payload();
		return (payload.length == 0) ? 0 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
	}

	/** Whether the stream ends here, and orderly. */
	boolean isAtEnd() throws IOException {
		return this.in.read() == -1;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
