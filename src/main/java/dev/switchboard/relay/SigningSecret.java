package dev.switchboard.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Supplier;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.switchboard.database.Sha256;

/**
 * The secret of a webhook. Its signatures are those of Standard Webhooks (version
 * {@code v1}). It shows its key only to {@link #text}, so it does not come into a log by
 * accident. Immutable.
 */
public final class SigningSecret {

	private static final String PREFIX = "whsec_";

	private static final String ALGORITHM = "HmacSHA256";

	private final byte[] key;

	private SigningSecret(byte[] key) {
		this.key = key;
	}

	/**
	 * Draws a secret of 32 bytes.
	 * @param random draws ids, whose fixed bits are left out by a hash
	 */
	static SigningSecret draw(Supplier<UUID> random) {
		ByteBuffer drawn = ByteBuffer.allocate(64);
		while (drawn.hasRemaining()) {
			UUID id = random.get();
			drawn.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
		}
		return new SigningSecret(Sha256.of(drawn.array()).toBytes());
	}

	/** Makes the secret of its key, which is 24 to 64 bytes long. */
	static SigningSecret of(byte[] key) {
		return new SigningSecret(key.clone());
	}

	byte[] key() {
		return this.key.clone();
	}

	/** Returns the text that the webhook's owner gets once. */
	public String text() {
		return PREFIX + Base64.getEncoder().encodeToString(this.key);
	}

	/**
	 * Signs a message.
	 * @param id the message's id
	 * @param seconds when it is sent, in seconds since 1970
	 * @return the value of the header {@code webhook-signature}
	 */
	String sign(String id, long seconds, byte[] body) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(new SecretKeySpec(this.key, ALGORITHM));
			mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
			return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("every JDK has HmacSHA256", ex);
		}
	}

	@Override
	public String toString() {
		return PREFIX + "...";
	}

}
