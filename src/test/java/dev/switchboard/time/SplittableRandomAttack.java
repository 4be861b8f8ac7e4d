package dev.switchboard.time;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Computes from one id of a {@link java.util.SplittableRandom} which ids may be next. The
 * state of such a generator is a counter with a known step, and its outputs are a mixture
 * of the state that can be undone. An id has in it two outputs, except for six bits.
 */
final class SplittableRandomAttack {

	private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

	private SplittableRandomAttack() {
	}

	static Set<UUID> candidatesAfter(UUID id) {
		Set<UUID> candidates = new HashSet<>();
		for (long version = 0; version < 16; version++) {
			long first = (id.getMostSignificantBits() & 0xFFFF_FFFF_FFFF_0FFFL) | (version << 12);
			long state = unmix(first);
			long second = state + STEP;
			if (low(mix(second)) == id.getLeastSignificantBits()) {
				long third = second + STEP;
				long high = (mix(third) & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
				candidates.add(new UUID(high, low(mix(third + STEP))));
			}
		}
		return candidates;
	}

	private static long low(long drawn) {
		return (drawn >>> 2) | Long.MIN_VALUE;
	}

	/** Mixes the state as the JDK does (Stafford's variant 13). */
	private static long mix(long state) {
		long mixed = (state ^ (state >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
		return mixed ^ (mixed >>> 31);
	}

	private static long unmix(long mixed) {
		long state = unshift(mixed, 31) * inverse(0x94D0_49BB_1331_11EBL);
		state = unshift(state, 27) * inverse(0xBF58_476D_1CE4_E5B9L);
		return unshift(state, 30);
	}

	private static long unshift(long value, int bits) {
		long undone = value;
		for (int known = bits; known < Long.SIZE; known += bits) {
			undone = value ^ (undone >>> bits);
		}
		return undone;
	}

	/**
	 * Returns the inverse of an odd number modulo 2 to the 64th, by Newton's iteration.
	 */
	private static long inverse(long odd) {
		long inverse = odd;
		for (int i = 0; i < 5; i++) {
			inverse *= 2 - odd * inverse;
		}
		return inverse;
	}

}
