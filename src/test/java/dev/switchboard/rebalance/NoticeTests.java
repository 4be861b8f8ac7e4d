package dev.switchboard.rebalance;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class NoticeTests {

	private static final Run RUN = new Run(Instant.ofEpochSecond(5, 7000), true, true);

	@Test
	void shouldReadWhatItWrites() {
		Notice notice = new Notice(Notice.Kind.MOVING, RUN.began(), true,
				List.of(new AgentId("acme", "a:1"), new AgentId("t.2", "b")));
		assertThat(notice.text()).isEqualTo("moving 5000007 true acme/a:1 t.2/b");
		assertThat(Notice.parse(notice.text())).isEqualTo(notice);
		Notice none = new Notice(Notice.Kind.START, RUN.began(), false, List.of());
		assertThat(Notice.parse(none.text())).isEqualTo(none);
	}

	@Test
	void shouldDivideManyAgents() {
		List<AgentId> agents = IntStream.range(0, 501)
			.mapToObj((i) -> new AgentId("t".repeat(128), "a".repeat(120) + i))
			.toList();
		List<Notice> notices = Notice.of(Notice.Kind.LOST, RUN, agents);
		assertThat(notices.stream().flatMap((notice) -> notice.agents().stream())).containsExactlyElementsOf(agents);
		assertThat(notices).hasSize(3).allSatisfy((notice) -> assertThat(notice.text().length()).isLessThan(1 << 16));
		assertThat(Notice.of(Notice.Kind.MOVING, RUN, List.of())).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "moving", "moving 1", "moving x true", "other 1 true", "moving 1 true acme",
			"moving 1 true acme/" })
	void shouldRefuseWhatItCannotRead(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Notice.parse(text));
	}

}
