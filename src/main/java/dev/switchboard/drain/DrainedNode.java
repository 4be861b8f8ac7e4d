package dev.switchboard.drain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.listener.ApiConnections;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * This node, as a drain sees it. Thread-safe.
 *
 * @param readiness sets whether this node is ready
 * @param publisher publishes the time at which the drain ends; for null, publishes that
 * there is no drain
 * @param listing finds the nodes to which agents can move; never empty, never fails
 * @param forwarded counts the requests of other nodes that are not answered yet
 * @param calls counts the recorded calls that run here
 * @param clock the directory's clock
 */
record DrainedNode(Consumer<Boolean> readiness, ConnectionRegistry registry, ApiConnections api,
		Function<@Nullable Instant, Mono<Void>> publisher, Supplier<Mono<Destinations>> listing, IntSupplier forwarded,
		IntSupplier calls, Supplier<Instant> clock) {

	private static final Logger logger = LoggerFactory.getLogger(DrainedNode.class);

	/**
	 * Makes this node not ready, and makes callers connect anew.
	 * @return completes when the directory has been told, or has not answered
	 */
	Mono<Void> begin(DrainPlan plan) {
		return Mono.defer(() -> {
			logger.info("Draining until {}, with {} agents", plan.until(), agents());
			this.readiness.accept(false);
			this.api.closeAfterAnswers(true);
			return publish(plan.until());
		});
	}

	/** Makes this node ready again. */
	Mono<Void> takeBack() {
		return Mono.defer(() -> {
			logger.info("The drain was taken back: this node takes agents again");
			this.api.closeAfterAnswers(false);
			this.readiness.accept(true);
			return publish(null);
		});
	}

	/** Publishes the progress. If that fails, the next heartbeat publishes the same. */
	Mono<Void> publish(@Nullable Instant until) {
		return this.publisher.apply(until).onErrorComplete();
	}

	Mono<Destinations> destinations() {
		return Mono.defer(this.listing);
	}

	Instant now() {
		return this.clock.get();
	}

	/** Returns the number of agents that are connected. */
	int agents() {
		return this.registry.size();
	}

	/** Returns the agents' connections at this moment. */
	List<AgentConnection> connections() {
		List<AgentConnection> all = new ArrayList<>(agents());
		this.registry.forEach(all::add);
		return all;
	}

	Mono<Remains> remains() {
		return this.api.answering()
			.map((requests) -> new Remains(agents(), requests + this.forwarded.getAsInt(), this.calls.getAsInt()));
	}

}
