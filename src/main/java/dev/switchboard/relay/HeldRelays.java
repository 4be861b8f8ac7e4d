package dev.switchboard.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The relays that this node works on. Thread-safe. */
final class HeldRelays {

	private final Map<RelayKey, Held> held = new HashMap<>();

	/** A relay and the work on it. */
	private record Held(HeldRelay relay, RelayWork work) {
	}

	/** Returns those relays of a list on which no work has begun. */
	synchronized List<HeldRelay> missing(List<HeldRelay> relays) {
		return relays.stream().filter((relay) -> !isWorkedOn(relay)).toList();
	}

	private boolean isWorkedOn(HeldRelay relay) {
		Held known = this.held.get(relay.key());
		return known != null && known.relay().continues(relay);
	}

	/**
	 * Ends the work on all relays but those of a list. Completes when that has ended, and
	 * before that no other work on these relays begins.
	 */
	Mono<Void> endOthers(List<HeldRelay> relays) {
		Map<RelayKey, HeldRelay> kept = relays.stream().collect(Collectors.toMap(HeldRelay::key, (relay) -> relay));
		return end((known) -> {
			HeldRelay now = kept.get(known.key());
			return now == null || !known.continues(now);
		});
	}

	/** Ends the work on some relays. Completes when it has ended. */
	Mono<Void> end(List<HeldRelay> relays) {
		return end(relays::contains);
	}

	private Mono<Void> end(Predicate<HeldRelay> which) {
		List<RelayWork> ended = new ArrayList<>();
		synchronized (this) {
			this.held.values().removeIf((known) -> which.test(known.relay()) && ended.add(known.work()));
		}
		return Flux.fromIterable(ended).flatMap(RelayWork::stop, 16).then();
	}

	void begin(HeldRelay relay, RelayWork work) {
		synchronized (this) {
			this.held.put(relay.key(), new Held(relay, work));
		}
		work.start();
	}

	/** Ends all work, and stores nothing. */
	void abandon() {
		List<RelayWork> works;
		synchronized (this) {
			works = works();
			this.held.clear();
		}
		works.forEach(RelayWork::abandon);
	}

	private List<RelayWork> works() {
		return this.held.values().stream().map(Held::work).toList();
	}

	void renewed() {
		List<RelayWork> works;
		synchronized (this) {
			works = works();
		}
		works.forEach(RelayWork::renewed);
	}

	synchronized @Nullable RelayWork find(RelayKey key) {
		Held known = this.held.get(key);
		return (known != null) ? known.work() : null;
	}

	synchronized Set<RelayKey> keys() {
		return Set.copyOf(this.held.keySet());
	}

	/** Returns relays to give back, so many that as many as given are left. */
	synchronized List<HeldRelay> excess(long left) {
		return this.held.values().stream().map(Held::relay).skip(left).toList();
	}

	synchronized int size() {
		return this.held.size();
	}

	int count(String kind) {
		return (int) sum(kind, (_) -> 1);
	}

	long waiting(String kind) {
		return sum(kind, RelayWork::waiting);
	}

	private synchronized long sum(String kind, ToLongFunction<RelayWork> value) {
		return this.held.values()
			.stream()
			.filter((known) -> RelayMetrics.kind(known.relay().key()).equals(kind))
			.mapToLong((known) -> value.applyAsLong(known.work()))
			.sum();
	}

	/** Returns the age of the oldest event that is not delivered. */
	synchronized double lagSeconds(String kind, Instant now) {
		return this.held.values()
			.stream()
			.filter((known) -> RelayMetrics.kind(known.relay().key()).equals(kind))
			.flatMap((known) -> Stream.ofNullable(known.work().oldest()))
			.mapToDouble((oldest) -> Math.max(0, Duration.between(oldest, now).toMillis() / 1000.0))
			.max()
			.orElse(0);
	}

}
