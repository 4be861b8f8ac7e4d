package dev.switchboard.simulator.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import dev.switchboard.simulator.agents.HttpHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A whole HTTP/1.1 response to a request other than HEAD.
 *
 * @param status the status code
 * @param body an array that nothing else uses
 * @param keepAlive whether the connection stays open
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record HttpResponse(int status, byte[] body, boolean keepAlive) {

	/**
	 * Takes a response off the buffer. While the response is incomplete, takes nothing
	 * and returns null.
	 * @throws IllegalStateException if the bytes are not a response
	 */
	static @Nullable HttpResponse read(ByteBuf in) {
		int start = in.readerIndex();
		HttpHead head = HttpHead.read(in);
		byte[] body = (head != null) ? readBody(head, in) : null;
		if (head == null || body == null) {
			in.readerIndex(start);
			return null;
		}
		return new HttpResponse(head.status(), body, !"close".equalsIgnoreCase(head.header("Connection")));
	}

	private static byte @Nullable [] readBody(HttpHead head, ByteBuf in) {
		String length = head.header("Content-Length");
		if (length != null) {
			return readBytes(in, Integer.parseInt(length));
		}
		if ("chunked".equalsIgnoreCase(head.header("Transfer-Encoding"))) {
			return readChunks(in);
		}
		if (head.status() == 204) {
			return new byte[0];
		}
		throw new IllegalStateException("response without a length");
	}

	private static byte @Nullable [] readBytes(ByteBuf in, int length) {
		if (in.readableBytes() < length) {
			return null;
		}
		byte[] bytes = new byte[length];
		in.readBytes(bytes);
		return bytes;
	}

	// Reads chunks (RFC 9112 section 7.1) that have no extensions and no trailers.
	private static byte @Nullable [] readChunks(ByteBuf in) {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		while (true) {
			int eol = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
			if (eol < 0) {
				return null;
			}
			String size = in.readString(eol + 1 - in.readerIndex(), StandardCharsets.ISO_8859_1).trim();
			byte[] chunk = readBytes(in, Integer.parseInt(size, 16) + 2);
			if (chunk == null) {
				return null;
			}
			if (chunk.length == 2) {
				return body.toByteArray();
			}
			body.write(chunk, 0, chunk.length - 2);
		}
	}

	String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

}
