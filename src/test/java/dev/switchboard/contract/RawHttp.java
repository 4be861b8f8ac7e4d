package dev.switchboard.contract;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * HTTP/1.1 by hand, for requests that a correct client refuses to send. Reads wait up to
 * 15 s.
 */
final class RawHttp implements AutoCloseable {

	private final Socket socket = new Socket();

	private final InputStream in;

	private final OutputStream out;

	private RawHttp(int port, int receiveBuffer, InetAddress source) throws IOException {
		if (receiveBuffer > 0) {
			this.socket.setReceiveBufferSize(receiveBuffer);
		}
		this.socket.setSoTimeout((int) Duration.ofSeconds(15).toMillis());
		this.socket.setTcpNoDelay(true);
		this.socket.bind(new InetSocketAddress(source, 0));
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		this.in = new BufferedInputStream(this.socket.getInputStream());
		this.out = this.socket.getOutputStream();
	}

	static RawHttp open(int port) throws IOException {
		return new RawHttp(port, 0, InetAddress.getLoopbackAddress());
	}

	/**
	 * Opens a connection with a small receive buffer, so that its peer is soon blocked
	 * when nothing is read.
	 */
	static RawHttp openNarrow(int port) throws IOException {
		return new RawHttp(port, 4096, InetAddress.getLoopbackAddress());
	}

	/**
	 * Opens the connection with this number, from one of 250 addresses: all connections
	 * together need more ports than one address has.
	 */
	static RawHttp open(int port, int number) throws IOException {
		byte[] source = { 127, 0, 1, (byte) (1 + number % 250) };
		return new RawHttp(port, 0, InetAddress.getByAddress(source));
	}

	/** Opens a connection from this address of the machine. */
	static RawHttp openFrom(String source, int port) throws IOException {
		return new RawHttp(port, 0, InetAddress.getByName(source));
	}

	/** Sends one request without a body and reads its response. */
	static RawResponse get(int port, String target, String... headerLines) throws IOException {
		try (RawHttp http = open(port)) {
			http.head("GET " + target, withHost(headerLines));
			return http.readResponse();
		}
	}

	/** Sends one POST of JSON and reads its response. */
	static RawResponse post(int port, String target, byte[] body, String... headerLines) throws IOException {
		try (RawHttp http = open(port)) {
			http.post(target, body, headerLines);
			return http.readResponse();
		}
	}

	void post(String target, byte[] body, String... headerLines) throws IOException {
		List<String> lines = new ArrayList<>(List.of(headerLines));
		lines.add("Content-Type: application/json");
		lines.add("Content-Length: " + body.length);
		head("POST " + target, withHost(lines.toArray(String[]::new)));
		write(body);
	}

	/** Writes a request's line and header lines, and the empty line. */
	void head(String methodAndTarget, String... headerLines) throws IOException {
		write(headBytes(methodAndTarget, headerLines));
	}

	static byte[] headBytes(String methodAndTarget, String... headerLines) {
		StringBuilder head = new StringBuilder(methodAndTarget).append(" HTTP/1.1\r\n");
		for (String line : headerLines) {
			head.append(line).append("\r\n");
		}
		return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
	}

	void write(byte[] bytes) throws IOException {
		this.out.write(bytes);
		this.out.flush();
	}

	RawResponse readResponse() throws IOException {
		int status = Integer.parseInt(readLine().substring(9, 12));
		Map<String, List<String>> headers = new HashMap<>();
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			int colon = line.indexOf(':');
			headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), (_) -> new ArrayList<>())
				.add(line.substring(colon + 1).strip());
		}
		return new RawResponse(status, headers, readBody(status, headers));
	}

	String readLine() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int next = readByte(); next != '\n'; next = readByte()) {
			line.write(next);
		}
		return line.toString(StandardCharsets.UTF_8).strip();
	}

	InputStream in() {
		return this.in;
	}

	Socket socket() {
		return this.socket;
	}

	/** Closes the socket with a reset, as a process that dies does. */
	void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	private byte[] readBody(int status, Map<String, List<String>> headers) throws IOException {
		if (status == 101 || status == 204) {
			return new byte[0];
		}
		if (headers.containsKey("transfer-encoding")) {
			return readChunks();
		}
		List<String> length = headers.get("content-length");
		return (length != null) ? this.in.readNBytes(Integer.parseInt(length.getFirst())) : this.in.readAllBytes();
	}

	private byte[] readChunks() throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (int size = Integer.parseInt(readLine(), 16); size > 0; size = Integer.parseInt(readLine(), 16)) {
			body.write(this.in.readNBytes(size));
			readLine();
		}
		readLine();
		return body.toByteArray();
	}

	private int readByte() throws IOException {
		int next = this.in.read();
		if (next < 0) {
			throw new EOFException("the server closed");
		}
		return next;
	}

	private static String[] withHost(String... headerLines) {
		List<String> lines = new ArrayList<>(List.of(headerLines));
		if (lines.stream().noneMatch((line) -> line.startsWith("Host:"))) {
			lines.addFirst("Host: localhost");
		}
		return lines.toArray(String[]::new);
	}

}
