package dev.switchboard.directory;

import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * Event loops that claim and release agents at the same time, while the database answers
 * at once. After each of Lincheck's short programs, every write must have ended, and the
 * queue must be empty. Otherwise a write would wait until another one comes.
 */
@Tag("races")
class WriteCoalescerRacesTests {

	@Test
	void shouldLeaveNoWriteBehind() {
		new ModelCheckingOptions().iterations(3)
			.invocationsPerIteration(50)
			.threads(2)
			.actorsPerThread(2)
			.actorsBefore(1)
			.actorsAfter(0)
			.check(OfWrites.class);
	}

	private static final List<Claim> CLAIMS = IntStream.range(0, 2)
		.mapToObj((agent) -> new Claim(new AgentId("acme", "a" + agent), TestIds.connection(), 1, Instant.EPOCH, null))
		.toList();

	/** The queue, with the writes of two agents that have one connection each. */
	@Param(name = "agent", gen = IntGen.class, conf = "0:1")
	public static class OfWrites {

		private final WriteCoalescer writes = new WriteCoalescer((_) -> Mono.just((_) -> true), 100, Chance.SYSTEM);

		private final Queue<AgentWrite> made = new ConcurrentLinkedQueue<>();

		@Operation
		public void claim(@Param(name = "agent") int agent) {
			write(AgentWrite.claim(CLAIMS.get(agent)));
		}

		@Operation
		public void release(@Param(name = "agent") int agent) {
			write(AgentWrite.release(CLAIMS.get(agent), Instant.EPOCH, null));
		}

		private void write(AgentWrite write) {
			this.made.add(write);
			this.writes.write(write).subscribe();
		}

		@Validate
		public void isAtRest() {
			if (this.writes.depth() > 0 || CLAIMS.stream().anyMatch((claim) -> this.writes.isWriting(claim.agent()))) {
				throw new IllegalStateException("writes are left in the queue: " + this.writes.depth());
			}
			if (this.made.stream().anyMatch((write) -> !write.done().isDone())) {
				throw new IllegalStateException("a write has not ended");
			}
		}

	}

}
