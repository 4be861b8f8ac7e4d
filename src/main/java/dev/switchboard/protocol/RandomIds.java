package dev.switchboard.protocol;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Version 4 UUIDs (RFC 9562) from a generator of each thread's own, seeded securely: no
 * lock and no system call an id. They are unique, not secret.
 */
final class RandomIds {

	private static final ThreadLocal<SplittableRandom> RANDOM = ThreadLocal
		.withInitial(() -> new SplittableRandom(new SecureRandom().nextLong()));

	private RandomIds() {
	}

	static UUID next() {
		SplittableRandom random = RANDOM.get();
		long high = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
		long low = (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
		return new UUID(high, low);
	}

}
