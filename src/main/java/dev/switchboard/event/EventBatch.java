package dev.switchboard.event;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import dev.switchboard.json.Payload;

/**
 * Events of one tenant that are stored in one row.
 *
 * @param tenant the tenant
 * @param token the row's token, by which the row is found again
 * @param events the entries by the keys of their events, in their order
 */
record EventBatch(String tenant, long token, Map<UUID, Payload> events) {

	/** The number of bytes above which a batch takes no more events. */
	private static final int FULL = 1024 * 1024;

	/**
	 * Puts events into batches. Of an event that is there twice, one is left.
	 * @param tokens draws the tokens
	 */
	static List<EventBatch> of(List<PendingEvent> pending, LongSupplier tokens) {
		List<EventBatch> batches = new ArrayList<>();
		Map<String, EventBatch> open = new LinkedHashMap<>();
		Map<String, Integer> sizes = new LinkedHashMap<>();
		Set<UUID> seen = new HashSet<>();
		for (PendingEvent event : pending) {
			String tenant = event.agent().tenant();
			if (!seen.add(event.key())) {
				continue;
			}
			int size = sizes.merge(tenant, event.entry().length(), Integer::sum);
			EventBatch batch = open.computeIfAbsent(tenant,
					(name) -> new EventBatch(name, tokens.getAsLong(), new LinkedHashMap<>()));
			batch.events().put(event.key(), event.entry());
			if (size >= FULL) {
				batches.add(batch);
				open.remove(tenant);
				sizes.remove(tenant);
			}
		}
		batches.addAll(open.values());
		return batches;
	}

	EventBatch without(Predicate<UUID> keys) {
		Map<UUID, Payload> rest = new LinkedHashMap<>(this.events);
		rest.keySet().removeIf(keys);
		return new EventBatch(this.tenant, this.token, rest);
	}

	EventBatch withToken(long other) {
		return new EventBatch(this.tenant, other, this.events);
	}

	/** Returns the entries, one a line. */
	byte[] content() {
		int length = this.events.values().stream().mapToInt((entry) -> entry.length() + 1).sum() - 1;
		byte[] content = new byte[length];
		int at = 0;
		for (Payload entry : this.events.values()) {
			System.arraycopy(entry.bytes(), entry.offset(), content, at, entry.length());
			at += entry.length();
			if (at < length) {
				content[at++] = '\n';
			}
		}
		return content;
	}

}
