package dev.switchboard.time;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.random.RandomGenerator;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Draws numbers that cannot be predicted from earlier or later ones. They are the
 * keystream of AES-256 in counter mode. Each block begins with the key of the next block,
 * and a number is erased when it is drawn, so the memory shows nothing about earlier
 * numbers ("fast key erasure", D. J. Bernstein, 2017). A number costs nanoseconds,
 * because the processor encrypts a block of numbers at once. {@link SecureRandom} takes a
 * lock for each number and is much slower. Used by one thread.
 */
final class KeystreamGenerator implements RandomGenerator {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final int KEY_BYTES = 32;

	private static final byte[] ZEROS = new byte[2048];

	/**
	 * Where the counter begins. It may be the same for every block, because every block
	 * has a new key.
	 */
	private static final IvParameterSpec COUNTER = new IvParameterSpec(new byte[16]);

	private final Cipher cipher;

	private final byte[] block = new byte[ZEROS.length];

	/** The index of the first byte in the block that has not been drawn. */
	private int next = this.block.length;

	/**
	 * Takes the first key from the source, and nothing else.
	 */
	KeystreamGenerator(SecureRandom source) {
		try {
			this.cipher = Cipher.getInstance("AES/CTR/NoPadding");
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("every Java platform has AES", ex);
		}
		byte[] key = new byte[KEY_BYTES];
		source.nextBytes(key);
		System.arraycopy(key, 0, this.block, 0, KEY_BYTES);
	}

	@Override
	public long nextLong() {
		if (this.next == this.block.length) {
			refill();
		}
		long drawn = (long) LONGS.get(this.block, this.next);
		LONGS.set(this.block, this.next, 0L);
		this.next += Long.BYTES;
		return drawn;
	}

	/** Encrypts the next block with the key at the beginning of this block. */
	private void refill() {
		try {
			SecretKeySpec key = new SecretKeySpec(this.block, 0, KEY_BYTES, "AES");
			this.cipher.init(Cipher.ENCRYPT_MODE, key, COUNTER);
			this.cipher.doFinal(ZEROS, 0, ZEROS.length, this.block, 0);
		}
		catch (GeneralSecurityException ex) {
			Arrays.fill(this.block, (byte) 0);
			throw new IllegalStateException("AES encrypts any bytes", ex);
		}
		this.next = KEY_BYTES;
	}

}
