package dev.switchboard.forwarding;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/** A peer of the forwarding port that sends HTTP/2 frames byte by byte. */
final class RawPeer implements AutoCloseable {

	static final int HEADERS = 1;

	static final int RESET = 3;

	static final int GO_AWAY = 7;

	private static final int SETTINGS = 4;

	private static final int ACK = 1;

	private static final int END_STREAM = 1;

	private static final int END_HEADERS = 4;

	private final Socket socket;

	private final DataInputStream in;

	record Frame(int type, int flags, int stream, ByteBuffer payload) {

		int errorCode() {
			return this.payload.getInt((this.type == GO_AWAY) ? Integer.BYTES : 0);
		}

	}

	RawPeer(int port) throws IOException {
		this(new Socket(InetAddress.getLoopbackAddress(), port));
	}

	RawPeer(Socket socket) throws IOException {
		this.socket = socket;
		socket.setSoTimeout(30_000);
		this.in = new DataInputStream(socket.getInputStream());
	}

	/** Sends the preface, and acknowledges the server's settings. */
	RawPeer greet() throws IOException {
		this.socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		write(SETTINGS, 0, 0, new byte[0]);
		write(SETTINGS, ACK, 0, new byte[0]);
		return this;
	}

	/** Sends the headers of a request, whose body may follow. */
	void request(int stream, CharSequence path, @Nullable String secret, boolean last) throws IOException {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		block.write(0x83); // :method: POST
		block.write(0x86); // :scheme: http
		literal(block, path.toString(), 0x04);
		literal(block, "node", 0x01);
		if (secret != null) {
			literal(block, "Bearer " + secret, 0x0f, 0x08);
		}
		write(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block.toByteArray());
	}

	/** Sends the last part of a body. */
	void body(int stream, String text) throws IOException {
		write(0, END_STREAM, stream, text.getBytes(StandardCharsets.US_ASCII));
	}

	private static void literal(ByteArrayOutputStream block, String value, int... name) {
		for (int part : name) {
			block.write(part);
		}
		block.write(value.length());
		block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
	}

	private void write(int type, int flags, int stream, byte[] payload) throws IOException {
		ByteBuffer frame = ByteBuffer.allocate(9 + payload.length)
			.putInt(payload.length << 8 | type)
			.put((byte) flags)
			.putInt(stream)
			.put(payload);
		this.socket.getOutputStream().write(frame.array());
	}

	/** Returns the next frame of this type; null if the connection ends before it. */
	@Nullable Frame next(int type) throws IOException {
		try {
			Frame frame = read();
			while (frame.type() != type) {
				frame = read();
			}
			return frame;
		}
		catch (EOFException | SocketException ex) {
			return null;
		}
	}

	private Frame read() throws IOException {
		int head = this.in.readInt();
		int flags = this.in.readUnsignedByte();
		int stream = this.in.readInt();
		return new Frame(head & 0xff, flags, stream, ByteBuffer.wrap(this.in.readNBytes(head >>> 8)));
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
