package dev.switchboard.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.switchboard.call.EndedCall;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CallRingTests {

	private final CallRing ring = new CallRing();

	@Test
	void shouldGiveEachCallOnce() {
		EndedCall first = TestEvents.completed("a");
		EndedCall second = TestEvents.completed("b");
		this.ring.keep(first);
		this.ring.keep(second);
		assertThat(taken()).containsExactlyInAnyOrder(first, second);
		assertThat(taken()).isEmpty();
	}

	@Test
	void shouldKeepTheLastCallsOfAThread() {
		List<EndedCall> calls = IntStream.range(0, 10 * CallRing.SLOTS)
			.mapToObj((i) -> TestEvents.completed("agent-" + i))
			.toList();
		calls.forEach(this.ring::keep);
		assertThat(taken()).containsExactlyInAnyOrderElementsOf(calls.subList(9 * CallRing.SLOTS, calls.size()));
	}

	private List<EndedCall> taken() {
		List<EndedCall> calls = new ArrayList<>();
		this.ring.take(calls::add);
		return calls;
	}

}
