package dev.switchboard.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import dev.switchboard.protocol.AgentId;

import static org.assertj.core.api.Assertions.assertThat;

/** Records the events that callers and agents see, in order. Thread-safe. */
final class History {

	private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();

	void add(Entry entry) {
		this.entries.add(entry);
	}

	List<Entry> entries() {
		return List.copyOf(this.entries);
	}

	<T extends Entry> Stream<T> all(Class<T> kind) {
		return this.entries.stream().filter(kind::isInstance).map(kind::cast);
	}

	/** Fails if the history breaks a rule; to be called when no call is under way. */
	void assertClean() {
		assertThat(HistoryCheck.violations(entries())).isEmpty();
	}

	/** Fails as {@link #assertClean} does, and if not each agent has one connection. */
	void assertHealed(Collection<AgentId> live) {
		assertClean();
		assertThat(HistoryCheck.unhealed(entries(), live)).isEmpty();
	}

}
