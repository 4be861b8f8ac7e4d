package dev.switchboard.event;

import java.util.ArrayList;
import java.util.List;

import dev.switchboard.event.EventBatchTable.Content;

/**
 * A part of a tenant's log.
 *
 * @param log when the log was made
 * @param entries the entries that the filter selects, oldest first
 * @param next the place up to which the log was looked at
 */
public record EventPage(long log, List<EventEntry> entries, EventPosition next) {

	/**
	 * Makes a page of batches that were read.
	 * @param after the place after which the page begins
	 * @param end the place up to which the batches go
	 * @param limit the most entries of the page
	 */
	static EventPage of(long log, List<Content> batches, EventPosition after, EventPosition end, EventFilter filter,
			int limit) {
		List<EventEntry> selected = new ArrayList<>();
		for (Content batch : batches) {
			for (EventEntry entry : batch.entries()) {
				if (entry.position().compareTo(after) > 0 && filter.selects(entry)) {
					if (selected.size() == limit) {
						return new EventPage(log, selected, selected.getLast().position());
					}
					selected.add(entry);
				}
			}
		}
		return new EventPage(log, selected, end);
	}

	/** Returns the cursor after an entry of this page, or after the page. */
	public EventCursor cursor(EventPosition position) {
		return new EventCursor(this.log, position);
	}

}
