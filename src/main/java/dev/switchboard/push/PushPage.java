package dev.switchboard.push;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A page of the pushes that wait for an agent, in the order in which they were stored.
 *
 * @param pushes the pushes
 * @param next the sequence number after which the next page begins; null on the last page
 */
public record PushPage(List<StoredPush> pushes, @Nullable Long next) {

	public PushPage {
		pushes = List.copyOf(pushes);
	}

	/**
	 * Returns a page of what was found.
	 * @param found up to one push more than fit on the page
	 */
	static PushPage of(List<StoredPush> found, int limit) {
		List<StoredPush> pushes = found.subList(0, Math.min(found.size(), limit));
		return new PushPage(pushes, (found.size() > limit) ? pushes.getLast().sequence() : null);
	}

}
