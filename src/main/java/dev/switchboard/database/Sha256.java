package dev.switchboard.database;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest; two requests with one digest have the same body.
 *
 * @param hex the digest in lower case
 */
public record Sha256(String hex) {

	/** The digest of these ranges, one after the other. */
	public static Sha256 of(ByteBuffer... ranges) {
		MessageDigest digest = digest();
		for (ByteBuffer range : ranges) {
			digest.update(range.duplicate());
		}
		return stored(digest.digest());
	}

	/** The digest of these bytes. */
	public static Sha256 of(byte[] bytes) {
		return of(ByteBuffer.wrap(bytes));
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
