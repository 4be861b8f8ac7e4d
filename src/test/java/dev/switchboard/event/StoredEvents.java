package dev.switchboard.event;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.directory.TestNode;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Chance;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;

/** Stores events in the log of a node, and reads it. */
public final class StoredEvents {

	private final TestNode node;

	private final AtomicLong tokens = new AtomicLong(Chance.SYSTEM.uuid().getLeastSignificantBits());

	private final EventLog log;

	public StoredEvents(TestNode node) {
		this.node = node;
		EventMetrics metrics = new EventMetrics(node.meters);
		LogTail tail = new LogTail(node.database, metrics, TimeSource.SYSTEM, this.tokens::incrementAndGet);
		this.log = new EventLog(node.database, tail, new LogFeed(tail, node.database), metrics, 10, Chance.SYSTEM);
	}

	public EventLog log() {
		return this.log;
	}

	/** Stores events of one agent, in one batch. */
	public void store(String... ids) {
		TestNode.get(this.node.database.log("test",
				(connection) -> EventBatchTable
					.insert(connection,
							List.of(TestEvents.batch(new AgentId("acme", "laptop"), this.tokens.incrementAndGet(),
									ids)))
					.thenReturn(true)));
	}

}
