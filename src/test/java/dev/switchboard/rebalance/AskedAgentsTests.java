package dev.switchboard.rebalance;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AskedAgentsTests {

	private static final long PATIENCE = AskedAgents.PATIENCE.toNanos();

	private final Set<String> gone = new HashSet<>();

	private final AtomicInteger ignored = new AtomicInteger();

	private final AskedAgents<String> asked = new AskedAgents<>(this.gone::contains, this.ignored::incrementAndGet);

	@Test
	void shouldCountAgentsUntilTheyAreGone() {
		this.asked.add(List.of("a", "b"), 0, AskedAgents.PATIENCE);
		assertThat(this.asked.waiting(1)).isEqualTo(2);
		this.gone.add("a");
		assertThat(this.asked.waiting(1)).isEqualTo(1);
		assertThat(this.asked.contains("b")).isTrue();
		assertThat(this.ignored).hasValue(0);
	}

	@Test
	void shouldGiveUpAgentsThatIgnoreTheRequest() {
		this.asked.add(List.of("a"), 0, AskedAgents.PATIENCE);
		this.asked.add(List.of("b"), 10, AskedAgents.PATIENCE);
		assertThat(this.asked.waiting(PATIENCE)).isEqualTo(2);
		assertThat(this.asked.waiting(PATIENCE + 1)).isEqualTo(1);
		assertThat(this.ignored).hasValue(1);
		assertThat(this.asked.waiting(PATIENCE + 11)).isZero();
		assertThat(this.ignored).hasValue(2);
	}

}
