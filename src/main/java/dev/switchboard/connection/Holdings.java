package dev.switchboard.connection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.switchboard.loop.OnLoop;
import dev.switchboard.quota.BudgetKind;
import dev.switchboard.quota.ByteBudget;
import io.netty.util.concurrent.EventExecutor;
import reactor.core.publisher.Mono;

/**
 * The bytes that are held for the connections of one event loop. Only connections with
 * bytes are here. Used on the event loop, except for {@link #list}.
 */
final class Holdings {

	private final EventExecutor loop;

	private final ByteBudget budget;

	private final Map<ObservedConnection, Holding> held = new HashMap<>();

	Holdings(EventExecutor loop, ByteBudget budget) {
		this.loop = loop;
		this.budget = budget;
	}

	/**
	 * Counts bytes that are held for a connection, or with a negative number bytes that
	 * are not held any more.
	 */
	void add(ObservedConnection connection, BudgetKind kind, long change) {
		Holding holding = this.held.computeIfAbsent(connection, (added) -> new Holding(added.agent().tenant()));
		holding.bytes += change;
		if (holding.bytes == 0) {
			this.held.remove(connection);
		}
		this.budget.add(kind, holding.tenant, change);
	}

	/** Returns the connections that have bytes. May be called from any thread. */
	Mono<List<Holder>> list() {
		return Mono.create((list) -> OnLoop.run(this.loop,
				() -> list.success(this.held.entrySet()
					.stream()
					.map((each) -> new Holder(each.getKey(), each.getValue().tenant, each.getValue().bytes,
							each.getKey().isClosing()))
					.toList())));
	}

	private static final class Holding {

		private final String tenant;

		private long bytes;

		Holding(String tenant) {
			this.tenant = tenant;
		}

	}

	/**
	 * A connection and its bytes.
	 *
	 * @param closing whether the connection closes already, so that its bytes will be
	 * free soon
	 */
	record Holder(ObservedConnection connection, String tenant, long bytes, boolean closing) {
	}

}
