package dev.switchboard.diagnosis;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.switchboard.call.EndedCall;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the calls that ended last until they are taken. Keeping a call costs a few
 * nanoseconds: there are 16 stripes, each with slots of its own. Each thread writes to
 * one stripe without a lock, and overwrites the oldest call there if all slots are full.
 * Threads that share a stripe may overwrite each other's calls, which does no harm.
 * Thread-safe.
 */
final class CallRing {

	private static final int STRIPES = 16;

	/** How many calls a stripe keeps. */
	static final int SLOTS = 64;

	private final List<Stripe> stripes = Stream.generate(Stripe::new).limit(STRIPES).toList();

	/** Keeps a call. */
	void keep(EndedCall call) {
		this.stripes.get((int) Thread.currentThread().threadId() & (STRIPES - 1)).keep(call);
	}

	/** Takes all calls out of the ring. */
	void take(Consumer<EndedCall> taker) {
		this.stripes.forEach((stripe) -> stripe.take(taker));
	}

	private static final class Stripe {

		private final AtomicReferenceArray<@Nullable EndedCall> slots = new AtomicReferenceArray<>(SLOTS);

		/** The next slot. It is not atomic: a lost step costs one call, no more. */
		private int next;

		void keep(EndedCall call) {
			this.slots.lazySet(this.next++ & (SLOTS - 1), call);
		}

		void take(Consumer<EndedCall> taker) {
			for (int i = 0; i < SLOTS; i++) {
				EndedCall call = (this.slots.get(i) != null) ? this.slots.getAndSet(i, null) : null;
				if (call != null) {
					taker.accept(call);
				}
			}
		}

	}

}
