package dev.switchboard.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import dev.switchboard.database.Database;
import dev.switchboard.event.EventLog;
import dev.switchboard.time.Chance;

/**
 * What all relays of a node share.
 *
 * @param log the event log
 * @param reader reads it
 * @param database the directory's database
 * @param clock the directory's clock
 * @param chance spreads pauses
 * @param metrics counts
 * @param idle after this time without events, a relay looks how far the log has come, so
 * that the log does not forget its position
 * @param lease the lease of this node's relays
 */
record RelayContext(EventLog log, LogReader reader, Database database, Supplier<Instant> clock, Chance chance,
		RelayMetrics metrics, Duration idle, RelayLease lease) {
}
