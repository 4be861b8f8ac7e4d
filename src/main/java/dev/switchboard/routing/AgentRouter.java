package dev.switchboard.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.TimeLimit;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Runs a verb where its agent is: on this node if this node holds the agent, or else on
 * the node that the directory names. If the named node does not hold the agent or cannot
 * be reached, the router asks the directory again and tries once more. Thread-safe.
 */
public final class AgentRouter {

	private final ConnectionRegistry registry;

	private final Locations locations;

	private final Forwarder forwarder;

	private final Function<AgentId, ? extends Mono<?>> awaitElsewhere;

	private final TimeSource time;

	private final Supplier<Instant> directoryTime;

	private final Absence absence;

	/**
	 * @param awaitElsewhere waits until another node holds the agent
	 * @param directoryTime the directory's clock
	 * @param absence makes the problem for an agent that no node holds
	 */
	AgentRouter(ConnectionRegistry registry, Locations locations, Forwarder forwarder,
			Function<AgentId, ? extends Mono<?>> awaitElsewhere, TimeSource time, Supplier<Instant> directoryTime,
			Absence absence) {
		this.registry = registry;
		this.locations = locations;
		this.forwarder = forwarder;
		this.awaitElsewhere = awaitElsewhere;
		this.time = time;
		this.directoryTime = directoryTime;
		this.absence = absence;
	}

	/**
	 * Returns a router that shares all parts with this one, except that it sends verbs to
	 * other nodes through another forwarder.
	 */
	public AgentRouter through(Forwarder other) {
		return new AgentRouter(this.registry, this.locations, other, this.awaitElsewhere, this.time, this.directoryTime,
				this.absence);
	}

	/**
	 * Returns the nodes that probably hold agents. {@link #run(Verb)} finds each agent
	 * again, so this is only a hint, such as for the order in which verbs are run. All
	 * agents that are neither here nor in memory are looked up with one statement.
	 * @param wait how long the caller waits, of which the directory gets at most half
	 * @return the nodes, without agents that no node is known to hold
	 */
	public Mono<Map<AgentId, NodeId>> nodesOf(List<AgentId> agents, Duration wait) {
		Map<AgentId, NodeId> nodes = new HashMap<>();
		List<AgentId> elsewhere = new ArrayList<>();
		for (AgentId agent : agents) {
			if (this.registry.find(agent) != null) {
				nodes.put(agent, this.locations.self());
			}
			else {
				elsewhere.add(agent);
			}
		}
		return this.locations.locateAll(elsewhere, wait)
			.onErrorReturn(DatabaseUnavailableException.class, Map.of())
			.map((found) -> {
				found.forEach((agent, node) -> nodes.put(agent, node.id()));
				return nodes;
			});
	}

	/**
	 * Runs a verb. The method looks at once whether this node holds the agent, so the
	 * caller must subscribe to the result without delay, and only once.
	 * @return the verb's result; an error of {@link ProblemException} if the verb failed
	 */
	public <T> Mono<T> run(Verb<T> verb) {
		AgentConnection here = this.registry.find(verb.agent());
		if (here == null) {
			return route(verb).flatMap(this::result);
		}
		AtomicReference<@Nullable Verb<T>> refused = new AtomicReference<>(verb);
		return Mono.<T>fromDirect((waiter) -> {
			verb.on(here).subscribe(waiter);
			if (here.isSure()) {
				// The connection has refused the verb by then, or taken it. The payload
				// of a verb that was taken must not stay in memory while the verb lasts.
				here.onLoop(() -> refused.set(null));
			}
		}).onErrorResume(ConnectionException.class, (ex) -> elsewhere(refused.get(), ex));
	}

	/**
	 * Runs a verb elsewhere if a connection of this node has refused it as closing.
	 * @param refused the verb; null if the connection has taken it
	 */
	private <T> Mono<T> elsewhere(@Nullable Verb<T> refused, ConnectionException failure) {
		return (refused != null && failure.reason() == ConnectionException.Reason.CLOSING)
				? routeElsewhere(refused).flatMap(this::result)
				: Mono.error(Failures.of(failure, this.directoryTime.get()));
	}

	/**
	 * Runs a verb for an agent that may still have to connect, to this node or to another
	 * node. If the agent is offline or its node cannot be reached, the verb is tried
	 * again each time the agent connects.
	 * @param connectWait how long the agent may take to connect, on top of the verb's
	 * time to live
	 * @return the same as from {@link #run(Verb)}
	 */
	public <T> Mono<T> run(Verb<T> verb, Duration connectWait) {
		return connectWait.isZero() ? run(verb)
				: routeOnEachConnect(verb, this.time.nanoTime() + connectWait.toNanos()).flatMap(this::result);
	}

	/**
	 * Checks whether a verb could be run for an agent.
	 * @param wait how long the check may take
	 * @param mayConnect whether an agent that is offline passes the check too
	 * @return completes if the verb could be run; otherwise an error of
	 * {@link ProblemException}
	 */
	public Mono<Void> check(AgentId agent, Duration wait, boolean mayConnect) {
		return (this.registry.find(agent) != null) ? Mono.empty()
				: this.locations.locate(agent, wait)
					.flatMap((location) -> (mayConnect || location.node() != null) ? Mono.empty()
							: Mono.error(this.absence.offline(location.lastSeen())));
	}

	private <T> Mono<Attempt<T>> routeOnEachConnect(Verb<T> verb, long endNanos) {
		return route(verb).expand((attempt) -> attempt.mayConnect()
				? awaitConnection(verb.agent(), left(endNanos)).flatMap((_) -> route(verb)) : Mono.empty())
			.last();
	}

	/**
	 * Waits until the agent connects or is kept out.
	 * @return a value, whose content does not matter; empty if neither happens in time
	 */
	private Mono<Object> awaitConnection(AgentId agent, Duration wait) {
		return Mono
			.firstWithSignal(this.registry.await(agent).cast(Object.class),
					this.awaitElsewhere.apply(agent).cast(Object.class), this.locations.awaitRefusal(agent))
			.timeout(TimeLimit.of(wait), Mono.empty());
	}

	/**
	 * Tries the verb on this node if this node holds the agent, or else at the agent's
	 * known location. If the agent is not at that location, tries the verb at a newer
	 * one.
	 */
	private <T> Mono<Attempt<T>> route(Verb<T> verb) {
		return Mono.defer(() -> {
			AgentConnection here = this.registry.find(verb.agent());
			return (here != null) ? Attempt.of(verb.on(here))
				.flatMap((first) -> (first instanceof Attempt.Failed<T> failed && failed.isClosing())
						? routeElsewhere(verb) : Mono.just(first))
					: routeElsewhere(verb);
		});
	}

	/**
	 * Tries the verb at the agent's known location, after no connection of this node
	 * could run the verb.
	 */
	private <T> Mono<Attempt<T>> routeElsewhere(Verb<T> verb) {
		return Mono.defer(() -> {
			long endNanos = this.time.nanoTime() + verb.timeToLive().toNanos();
			return this.locations.locate(verb.agent(), verb.timeToLive())
				.flatMap((location) -> attempt(verb, location, endNanos).flatMap(
						(first) -> first.mayBeElsewhere() ? retry(verb, location, first, endNanos) : Mono.just(first)));
		});
	}

	private <T> Mono<Attempt<T>> retry(Verb<T> verb, Location earlier, Attempt<T> first, long endNanos) {
		return this.locations.lookUp(verb.agent(), left(endNanos))
			.flatMap((newer) -> (newer.isSameDeadEnd(earlier, first) ? deadEnd(verb.agent(), first)
					: attempt(verb, newer, endNanos))
				.map((last) -> last.orOffline(newer.lastSeen())));
	}

	private <T> Mono<Attempt<T>> deadEnd(AgentId agent, Attempt<T> attempt) {
		this.locations.forget(agent);
		return Mono.just(attempt);
	}

	private <T> Mono<Attempt<T>> attempt(Verb<T> verb, Location location, long endNanos) {
		Duration left = left(endNanos);
		AgentConnection arrived = this.registry.find(verb.agent());
		if (arrived != null) {
			return Attempt.of(verb.within(left).on(arrived));
		}
		if (location.node() == null) {
			return Mono.just(new Attempt.Offline<>(location.lastSeen()));
		}
		if (!left.isPositive()) {
			return Mono.just(new Attempt.Failed<>(new ConnectionException(ConnectionException.Reason.DEADLINE_UNSENT)));
		}
		return Attempt.of(this.forwarder.forward(location.node(), verb.within(left))).doOnNext((attempt) -> {
			if (attempt.disprovesLocation()) {
				this.locations.forget(verb.agent());
			}
		});
	}

	private Duration left(long endNanos) {
		return Duration.ofNanos(Math.max(0, endNanos - this.time.nanoTime()));
	}

	private <T> Mono<T> result(Attempt<T> attempt) {
		return switch (attempt) {
			case Attempt.Answered<T> answered -> Mono.justOrEmpty(answered.value());
			case Attempt.Failed<T> failed -> Mono.error(Failures.of(failed.failure(), this.directoryTime.get()));
			case Attempt.Offline<T> offline -> Mono.error(this.absence.offline(offline.lastSeen()));
			case Attempt.NotHere<T> _ -> Mono.error(this.absence.offline(this.directoryTime.get()));
			case Attempt.Unsent<T> _ -> Mono.error(Failures.unreachable());
			case Attempt.Lost<T> _ -> Mono.error(Failures.lost());
		};
	}

}
