package dev.switchboard.directory;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;

/**
 * A claim or a release that is to be stored in the directory.
 *
 * @param claim the claim that is made or released
 * @param released when the released connection ended; null for a claim
 * @param close how the released connection ended; null for a claim, or if it is not known
 * @param again whether a claim of the same connection was made before
 * @param done completes once the write is stored: with true if the agent's row then
 * belongs to this write's connection, else with false. Cancelling the future withdraws
 * the write
 * @param row gets, before {@code done} completes, the epoch that the agent's row has
 * after the write
 */
record AgentWrite(Claim claim, @Nullable Instant released, @Nullable LastClose close, boolean again,
		CompletableFuture<Boolean> done, LongConsumer row) {

	static AgentWrite claim(Claim claim) {
		return claim(claim, false, (_) -> {
		});
	}

	static AgentWrite claim(Claim claim, boolean again, LongConsumer row) {
		return new AgentWrite(claim, null, null, again, new CompletableFuture<>(), row);
	}

	static AgentWrite release(Claim claim, Instant lastSeen, @Nullable LastClose close) {
		return new AgentWrite(claim, lastSeen, close, false, new CompletableFuture<>(), (_) -> {
		});
	}

	/** Returns this write as the first one of its connection. */
	AgentWrite first() {
		return new AgentWrite(this.claim, this.released, this.close, false, this.done, this.row);
	}

	boolean isClaim() {
		return this.released == null;
	}

	boolean isSameConnection(AgentWrite other) {
		return this.claim.connection().equals(other.claim.connection());
	}

	@Override
	public boolean equals(Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

}
