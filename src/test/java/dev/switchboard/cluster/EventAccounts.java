package dev.switchboard.cluster;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The numbers that agents have sent as events, one after the other from 0 on, and the
 * numbers that each reader and receiver of events has got. Thread-safe.
 */
final class EventAccounts {

	private final Map<String, AtomicInteger> acknowledged = new ConcurrentHashMap<>();

	private final List<Receipts> receipts = new CopyOnWriteArrayList<>();

	/** An event of this agent was acknowledged. */
	void acknowledge(String agent) {
		this.acknowledged.computeIfAbsent(agent, (_) -> new AtomicInteger()).incrementAndGet();
	}

	/** The number of events of all agents that were acknowledged. */
	int acknowledged() {
		return this.acknowledged.values().stream().mapToInt(AtomicInteger::get).sum();
	}

	/** Opens the account of a reader or receiver. */
	Receipts open(String name) {
		Receipts opened = new Receipts(name);
		this.receipts.add(opened);
		return opened;
	}

	/** Fails unless all have got as many events as were acknowledged. */
	void assertComplete() {
		int expected = acknowledged();
		assertThat(this.receipts)
			.allSatisfy((opened) -> assertThat(opened.count()).as(opened.name).isEqualTo(expected));
	}

	/**
	 * Fails unless each event of each agent has come to each reader and receiver, the
	 * first time in its order.
	 * @param least how many events each agent has sent at least
	 */
	void check(int agents, int least) {
		assertThat(this.acknowledged).hasSize(agents)
			.allSatisfy((_, count) -> assertThat(count).hasValueGreaterThanOrEqualTo(least));
		Map<String, List<Integer>> all = new HashMap<>();
		this.acknowledged.forEach((agent, count) -> all.put(agent, IntStream.range(0, count.get()).boxed().toList()));
		this.receipts.forEach((opened) -> opened.check(all));
	}

	/** The events that one reader or receiver has got. Thread-safe. */
	static final class Receipts {

		private final String name;

		private final Map<String, List<Integer>> numbers = new ConcurrentHashMap<>();

		private final Set<String> ids = ConcurrentHashMap.newKeySet();

		private final AtomicInteger repeats = new AtomicInteger();

		private Receipts(String name) {
			this.name = name;
		}

		/**
		 * An event has come, for the first time or again. The gateway's own events do not
		 * count.
		 */
		void add(JsonNode event) {
			if (!event.path("type").asString().equals("switchboard.event")) {
				return;
			}
			String path = URI.create(event.path("source").asString()).getPath();
			String agent = path.substring(path.lastIndexOf('/') + 1);
			int number = event.path("data").asInt();
			if (!this.ids.add(agent + " " + event.path("id").asString())) {
				this.repeats.incrementAndGet();
				return;
			}
			List<Integer> own = this.numbers.computeIfAbsent(agent, (_) -> new ArrayList<>());
			synchronized (own) {
				own.add(number);
			}
		}

		/** The number of different events. */
		int count() {
			return this.ids.size();
		}

		private void check(Map<String, List<Integer>> all) {
			assertThat(this.numbers.keySet()).as(this.name).isEqualTo(all.keySet());
			all.forEach(
					(agent, sent) -> assertThat(this.numbers.get(agent)).as(this.name + ": " + agent).isEqualTo(sent));
			System.out.printf("%s: %d events, %d repeats%n", this.name, count(), this.repeats.get());
		}

	}

}
