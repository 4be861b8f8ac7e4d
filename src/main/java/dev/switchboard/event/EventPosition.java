package dev.switchboard.event;

/**
 * A place in the event log.
 *
 * @param batch the number of a batch
 * @param index the place in the batch, counted from 1; 0 for the place before its first
 * entry
 */
public record EventPosition(long batch, int index) implements Comparable<EventPosition> {

	/** The place before the first entry of the log. */
	static final EventPosition BEGINNING = new EventPosition(0, 0);

	/** Returns the place after all entries of a batch. */
	static EventPosition after(long batch) {
		return new EventPosition(batch, Integer.MAX_VALUE);
	}

	/** Returns the number after which come the batches that have later entries. */
	long lastBefore() {
		return (this.index == Integer.MAX_VALUE) ? this.batch : this.batch - 1;
	}

	@Override
	public int compareTo(EventPosition other) {
		int byBatch = Long.compare(this.batch, other.batch);
		return (byBatch != 0) ? byBatch : Integer.compare(this.index, other.index);
	}

}
