package dev.switchboard.relay;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import dev.switchboard.event.EventFilter;
import org.jspecify.annotations.Nullable;

/**
 * A webhook of a tenant, without its secret. Immutable.
 *
 * @param tenant the tenant
 * @param name its name, unique in the tenant
 * @param wish what its owner asked for
 * @param reason why Switchboard itself has disabled it; null if it has not
 * @param createdAt when it was made, by the directory's clock
 * @param changedAt when it was changed last
 */
public record Webhook(String tenant, String name, Wish wish, @Nullable String reason, Instant createdAt,
		Instant changedAt) {

	/**
	 * What the owner of a webhook asks for.
	 *
	 * @param url where events go
	 * @param types the types of the events; empty for all
	 * @param subjects the subjects of the events; empty for all
	 * @param enabled whether events are delivered
	 */
	public record Wish(String url, List<String> types, List<String> subjects, boolean enabled) {

		EventFilter filter() {
			return EventFilter.of(Set.copyOf(this.types), Set.copyOf(this.subjects), Set.of());
		}

	}

	RelayKey key() {
		return new RelayKey(this.tenant, this.name);
	}

}
