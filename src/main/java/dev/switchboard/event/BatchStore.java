package dev.switchboard.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.event.EventIdTable.Others;
import dev.switchboard.node.DirectoryClock;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Stores batches so that each event is in the log once, whatever fails and whichever node
 * tries again. No transaction is used, because a node that is paused in a transaction
 * would stop the others.
 * <p>
 * First the ids of the events are stored, with the token of their batch, and then the
 * batch, with its token. If an id belongs to another batch already, the event is in the
 * log if that batch is. If that batch is not in the log, its token is sealed: a row
 * without events takes the token. Then that batch can never come, and the id changes
 * hands. A node that tries to store it later finds its token sealed, and begins again
 * with another one.
 */
final class BatchStore {

	/** How often a batch begins again before the database counts as unavailable. */
	private static final int MOST_TRIES = 10;

	private final DirectoryClock clock;

	private final LongSupplier tokens;

	/**
	 * @param tokens draws the tokens of batches
	 */
	BatchStore(DirectoryClock clock, LongSupplier tokens) {
		this.clock = clock;
		this.tokens = tokens;
	}

	/** Puts events into batches that can be stored. */
	List<EventBatch> batches(List<PendingEvent> events) {
		return EventBatch.of(events, this.tokens);
	}

	/**
	 * Stores batches. May be called again after a failure, with the same batches.
	 * @return the number of events that were in the log already; an error of the driver
	 * if it is not known what was stored
	 */
	Mono<Integer> store(Connection connection, List<EventBatch> batches) {
		return this.clock.learned(connection).then(Mono.defer(() -> attempt(connection, batches, 1)));
	}

	private Mono<Integer> attempt(Connection connection, List<EventBatch> batches, int tries) {
		if (tries > MOST_TRIES) {
			return Mono.error(new DatabaseUnavailableException("events change hands too fast", null));
		}
		long day = EventIdTable.dayOf(this.clock.now());
		return EventIdTable.claim(connection, day, batches)
			.flatMap((others) -> others.isEmpty() ? insert(connection, batches, tries)
					: settle(connection, others.tokens())
						.flatMap((logged) -> withoutOthers(connection, day, batches, others, logged, tries)));
	}

	/**
	 * Finds out which of these tokens are in the log. The others never will be.
	 */
	private static Mono<Set<Long>> settle(Connection connection, Set<Long> tokens) {
		return EventBatchTable.find(connection, tokens).flatMap((found) -> {
			Set<Long> missing = new HashSet<>(tokens);
			missing.removeAll(found.keySet());
			return missing.isEmpty() ? Mono.just(found) : EventBatchTable.sealTokens(connection, missing)
				.then(Mono.defer(() -> EventBatchTable.find(connection, tokens)));
		})
			.map((found) -> tokens.stream()
				.filter((token) -> found.getOrDefault(token, 0) > 0)
				.collect(Collectors.toSet()));
	}

	/**
	 * Goes on without the events that are in the log. The ids of the other events change
	 * hands. Then the attempt begins again, because another node may try the same at the
	 * same time.
	 */
	private Mono<Integer> withoutOthers(Connection connection, long day, List<EventBatch> batches, Others others,
			Set<Long> logged, int tries) {
		List<EventBatch> rest = new ArrayList<>();
		int repeats = 0;
		for (EventBatch batch : batches) {
			EventBatch left = batch.without((id) -> others.isLogged(id, logged));
			repeats += batch.events().size() - left.events().size();
			if (!left.events().isEmpty()) {
				rest.add(left);
			}
		}
		int counted = repeats;
		return goOn(connection, day, rest, others, tries).map((more) -> counted + more);
	}

	private Mono<Integer> goOn(Connection connection, long day, List<EventBatch> rest, Others others, int tries) {
		if (rest.isEmpty()) {
			return Mono.just(0);
		}
		List<Mono<Long>> changes = rest.stream()
			.flatMap((batch) -> take(connection, day, batch, others.today()).stream())
			.toList();
		return changes.isEmpty() ? insert(connection, rest, tries)
				: Flux.concat(changes).then(Mono.defer(() -> attempt(connection, rest, tries + 1)));
	}

	private static List<Mono<Long>> take(Connection connection, long day, EventBatch batch, Map<UUID, Long> others) {
		Map<Long, Set<UUID>> byToken = new HashMap<>();
		batch.events().keySet().forEach((id) -> {
			Long token = others.get(id);
			if (token != null) {
				byToken.computeIfAbsent(token, (_) -> new HashSet<>()).add(id);
			}
		});
		List<Mono<Long>> changes = new ArrayList<>();
		byToken.forEach((token, ids) -> changes.add(EventIdTable.take(connection, day, ids, token, batch.token())));
		return changes;
	}

	private Mono<Integer> insert(Connection connection, List<EventBatch> batches, int tries) {
		return EventBatchTable.insert(connection, batches)
			.thenReturn(0)
			.onErrorResume(R2dbcDataIntegrityViolationException.class, (_) -> again(connection, batches, tries));
	}

	/**
	 * Begins again after a number or a token was taken. An earlier attempt, whose answer
	 * was lost, may have stored the batches.
	 */
	private Mono<Integer> again(Connection connection, List<EventBatch> batches, int tries) {
		return EventBatchTable.find(connection, batches.stream().map(EventBatch::token).toList()).flatMap((found) -> {
			List<EventBatch> rest = new ArrayList<>();
			for (EventBatch batch : batches) {
				Integer events = found.get(batch.token());
				if (events == null) {
					rest.add(batch);
				}
				else if (events == 0) {
					rest.add(batch.withToken(this.tokens.getAsLong()));
				}
			}
			return rest.isEmpty() ? Mono.just(0) : attempt(connection, rest, tries + 1);
		});
	}

}
