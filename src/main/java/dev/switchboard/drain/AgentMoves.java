package dev.switchboard.drain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Moves some of this node's agents to other nodes, while the node continues to serve the
 * rest. It asks agents to connect anew ({@code goaway}, for the reason
 * {@code rebalance}). Their old connections stay in use until the newer ones have taken
 * the agents, and are then closed (4000). Thread-safe. Nothing happens before a
 * subscription.
 */
public final class AgentMoves {

	private static final Comparator<Aged> OLDEST_FIRST = Comparator.comparingLong(Aged::micros);

	private final ConnectionRegistry registry;

	private final GoAways goAways;

	private final Supplier<Mono<Destinations>> listing;

	private final Chance chance;

	/**
	 * @param listing finds the nodes to which agents can move; never empty, never fails
	 */
	AgentMoves(ConnectionRegistry registry, GoAways goAways, Supplier<Mono<Destinations>> listing, Chance chance) {
		this.registry = registry;
		this.goAways = goAways;
		this.listing = listing;
		this.chance = chance;
	}

	/** A connection, and the time of its handshake in microseconds since 1970. */
	private record Aged(AgentConnection connection, long micros) {
	}

	/**
	 * Asks agents to move to any of the nodes that are up and not overloaded. Those that
	 * have been connected for the longest time are asked first, and none is asked that
	 * was asked before. If there is no such node, or if the nodes are not known, asks
	 * none.
	 * @param most the largest number of agents to ask
	 * @param perSecond how many are asked in a second
	 * @return the number of agents that were asked, once all have been; cancelling leaves
	 * out the rest
	 */
	public Mono<Integer> away(int most, double perSecond) {
		return Mono.defer(this.listing).map(Destinations::takingAgents).flatMap((nodes) -> {
			List<AgentConnection> chosen = nodes.nodes().isEmpty() ? List.of() : oldest(most, Instant.MAX, (_) -> true);
			return ask(chosen, perSecond, () -> nodes.drawUrl(this.chance)).thenReturn(chosen.size());
		});
	}

	/**
	 * Asks the agents of these connections to connect anew.
	 * @param perSecond how many are asked in a second
	 * @param url gives the URL for one agent; null if the agent is to take the URL that
	 * it was configured with
	 * @return completes when all have been asked; cancelling leaves out the rest
	 */
	public Mono<Void> ask(List<AgentConnection> connections, double perSecond, Supplier<@Nullable String> url) {
		return this.goAways.send(connections, Pace.Tempo.even(perSecond), url, GoAways.Reason.REBALANCE);
	}

	/**
	 * Finds agents that can be asked to move, and were not asked before.
	 * @param most the largest number of connections to return
	 * @param madeBefore leaves out the connections that were made at this time, by the
	 * directory's clock, or later
	 * @param filter whether a connection may be returned
	 * @return the connections that were made first, the oldest one first
	 */
	public List<AgentConnection> oldest(int most, Instant madeBefore, Predicate<AgentConnection> filter) {
		PriorityQueue<Aged> oldest = new PriorityQueue<>(OLDEST_FIRST.reversed());
		long bound = micros(madeBefore);
		this.registry.forEach((connection) -> {
			long made = DirectoryClock.shown(connection.epoch());
			if (made < bound && connection.accepts() && !connection.isAskedToLeave() && filter.test(connection)) {
				add(oldest, new Aged(connection, made), most);
			}
		});
		return oldest.stream().sorted(OLDEST_FIRST).map(Aged::connection).toList();
	}

	private static void add(PriorityQueue<Aged> oldest, Aged next, int most) {
		Aged youngest = oldest.peek();
		if (oldest.size() < most) {
			oldest.add(next);
		}
		else if (youngest != null && next.micros() < youngest.micros()) {
			oldest.poll();
			oldest.add(next);
		}
	}

	private static long micros(Instant time) {
		return time.equals(Instant.MAX) ? Long.MAX_VALUE : ChronoUnit.MICROS.between(Instant.EPOCH, time);
	}

}
