package dev.switchboard.transport;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ResponseStatusException;

/**
 * The part of the opening handshake that Spring leaves to a transport (RFC 6455 section
 * 4.2).
 */
final class OpeningHandshake {

	private static final String VERSION = "13";

	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private static final int KEY_LENGTH = 16;

	private static final int KEY_TEXT_LENGTH = 24;

	private OpeningHandshake() {
	}

	/**
	 * Checks the request's headers and returns its key (section 4.2.1).
	 * @throws ResponseStatusException with status 426 and the supported version if the
	 * request has a different version (section 4.4); with status 400 if the key is not
	 * valid
	 */
	static String key(HttpHeaders headers) {
		List<String> versions = headers.getOrEmpty("Sec-WebSocket-Version");
		if (!versions.equals(List.of(VERSION))) {
			throw new UnsupportedVersionException();
		}
		List<String> keys = headers.getOrEmpty("Sec-WebSocket-Key");
		if (keys.size() != 1 || !isKey(keys.getFirst())) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "Sec-WebSocket-Key must be 16 bytes in base64");
		}
		return keys.getFirst();
	}

	/**
	 * Returns the whole response that accepts the upgrade, as raw bytes (section 4.2.2).
	 */
	static byte[] response(String key, @Nullable String subProtocol) {
		String protocol = (subProtocol != null) ? "Sec-WebSocket-Protocol: " + subProtocol + "\r\n" : "";
		return """
				HTTP/1.1 101 Switching Protocols\r
				Upgrade: websocket\r
				Connection: Upgrade\r
				Sec-WebSocket-Accept: %s\r
				%s\r
				""".formatted(accept(key), protocol).getBytes(StandardCharsets.ISO_8859_1);
	}

	private static boolean isKey(String key) {
		try {
			return key.length() == KEY_TEXT_LENGTH && Base64.getDecoder().decode(key).length == KEY_LENGTH;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static String accept(String key) {
		try {
			MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
			return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static final class UnsupportedVersionException extends ResponseStatusException {

		UnsupportedVersionException() {
			super(HttpStatus.UPGRADE_REQUIRED, "Sec-WebSocket-Version must be " + VERSION);
		}

		@Override
		public HttpHeaders getHeaders() {
			HttpHeaders headers = new HttpHeaders();
			headers.set("Sec-WebSocket-Version", VERSION);
			return headers;
		}

	}

}
