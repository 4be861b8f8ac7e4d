package dev.switchboard.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest. Requests whose bodies have the same digest have the same body.
 *
 * @param hex the digest in lower case
 */
public record Sha256(String hex) {

	/** Returns the digest of the bytes of these ranges, in their order. */
	public static Sha256 of(ByteBuffer... ranges) {
		MessageDigest digest = digest();
		for (ByteBuffer range : ranges) {
			digest.update(range.duplicate());
		}
		return stored(digest.digest());
	}

	/** Returns the digest of these bytes. */
	public static Sha256 of(byte[] bytes) {
		return of(ByteBuffer.wrap(bytes));
	}

	/**
	 * Returns the digest of texts, joined by line breaks. If none of them contains a line
	 * break, different texts never have the same joined text.
	 */
	public static Sha256 ofLines(String... texts) {
		return of(String.join("\n", texts).getBytes(StandardCharsets.UTF_8));
	}

	public static Sha256 stored(byte[] digest) {
		return new Sha256(HexFormat.of().formatHex(digest));
	}

	public byte[] toBytes() {
		return HexFormat.of().parseHex(this.hex);
	}

	private static MessageDigest digest() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every Java platform has SHA-256", ex);
		}
	}

}
