package dev.switchboard.aws;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import dev.switchboard.event.EventEntry;
import dev.switchboard.event.EventPosition;
import dev.switchboard.json.Payload;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Mono;

/** Events, relays and a receiver that follows a script, for tests. */
final class TestRelay {

	static final Backoff BACKOFF = new Backoff(Duration.ofMillis(1), Duration.ofMillis(2), Chance.SYSTEM);

	final MeterRegistry meters = new SimpleMeterRegistry();

	/** Returns the n-th event of an agent, with the data given. */
	static EventEntry entry(String agent, int n, String data) {
		String source = "/v1/tenants/acme/agents/" + agent;
		String json = "{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"%s\",\"type\":\"switchboard.event\",\"subject\":\"job/done\",\"time\":\"2026-01-01T00:00:00Z\",\"datacontenttype\":\"application/json\",\"data\":%s}"
			.formatted(n, source, data);
		return new EventEntry(new EventPosition(n, Math.floorMod(agent.hashCode(), 1_000_000)), Payload.parse(json),
				source, "switchboard.event", "job/done");
	}

	static EventEntry entry(String agent, int n) {
		return entry(agent, n, String.valueOf(n));
	}

	/** Returns events of several agents, in turns, numbered from 0. */
	static List<EventEntry> entries(int count, String... agents) {
		return IntStream.range(0, count).mapToObj((n) -> entry(agents[n % agents.length], n)).toList();
	}

	AwsRelay relay(MessageReceiver receiver) {
		return new AwsRelay("test", receiver, BACKOFF, new AwsRelayMetrics("test", this.meters, TimeSource.SYSTEM));
	}

	double count(String outcome) {
		return this.meters.counter("switchboard.aws.relayed", "target", "test", "outcome", outcome).count();
	}

	/** A receiver that keeps what it takes, and refuses what a test tells it to. */
	static final class Script implements MessageReceiver {

		final List<List<String>> batches = new ArrayList<>();

		final List<RelayMessage> taken = new ArrayList<>();

		private final boolean fifo;

		private final Map<String, List<String>> codes;

		private final Set<String> poisons = new HashSet<>();

		private final List<RuntimeException> failures = new ArrayList<>();

		/**
		 * @param codes the errors that a message gets, one at each try, by the text of
		 * its name
		 */
		Script(boolean fifo, Map<String, List<String>> codes) {
			this.fifo = fifo;
			this.codes = new HashMap<>();
			codes.forEach((name, errors) -> this.codes.put(name, new ArrayList<>(errors)));
		}

		/** Makes all requests fail that have this message. */
		Script poison(String name) {
			this.poisons.add(name);
			return this;
		}

		Script failNext(RuntimeException failure) {
			this.failures.add(failure);
			return this;
		}

		/** Returns the name of a message, such as {@code laptop#3}. */
		static String name(RelayMessage message) {
			String source = message.event().source();
			return source.substring(source.lastIndexOf('/') + 1) + "#" + message.position().batch();
		}

		List<String> taken() {
			return this.taken.stream().map(Script::name).toList();
		}

		@Override
		public synchronized Mono<List<Refusal>> send(List<RelayMessage> batch) {
			this.batches.add(batch.stream().map(Script::name).toList());
			if (!this.failures.isEmpty()) {
				return Mono.error(this.failures.removeFirst());
			}
			if (batch.stream().map(Script::name).anyMatch(this.poisons::contains)) {
				return Mono.error(TestAws.refusal("AWS.SimpleQueueService.BatchRequestTooLong"));
			}
			List<Refusal> refusals = new ArrayList<>();
			batch.forEach((message) -> take(message, refusals));
			return Mono.just(refusals);
		}

		private void take(RelayMessage message, List<Refusal> refusals) {
			List<String> errors = this.codes.getOrDefault(name(message), List.of());
			if (errors.isEmpty()) {
				this.taken.add(message);
			}
			else {
				refusals.add(Refusal.of(message, errors.removeFirst(), "by the script"));
			}
		}

		@Override
		public String service() {
			return "TEST";
		}

		@Override
		public String setting() {
			return "switchboard.test=1";
		}

		@Override
		public boolean isFifo() {
			return this.fifo;
		}

		@Override
		public void check() {
			// The script exists.
		}

		@Override
		public void close() {
			// There is nothing to close.
		}

	}

}
