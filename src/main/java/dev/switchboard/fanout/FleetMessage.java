package dev.switchboard.fanout;

import java.time.Duration;

import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.Call;
import dev.switchboard.routing.Push;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The message that each agent gets. Immutable. */
public sealed interface FleetMessage {

	/** Returns the name of this kind of message in metrics. */
	String kind();

	/** Returns about how many bytes the message to one agent has. */
	int bytes();

	/** Returns the name of the outcome of an agent with success. */
	String success();

	/**
	 * Whether the message is stored for its agent, which may be offline. Otherwise it is
	 * sent to the node that holds the agent.
	 */
	default boolean isStored() {
		return false;
	}

	/**
	 * Brings the message to an agent.
	 * @param left the rest of the time of the whole
	 * @return the agent's result; an error of
	 * {@link dev.switchboard.problem.ProblemException} if it has none
	 */
	Mono<FleetResult> send(AgentRouter router, AgentId agent, CallId id, Duration left);

	/** A call, whose chunks are dropped. */
	record ToCall(String method, @Nullable String traceparent, Payload payload) implements FleetMessage {

		@Override
		public String kind() {
			return "call";
		}

		@Override
		public int bytes() {
			return this.payload.length();
		}

		@Override
		public String success() {
			return "completed";
		}

		@Override
		public Mono<FleetResult> send(AgentRouter router, AgentId agent, CallId id, Duration left) {
			Frame.Call frame = new Frame.Call(id, this.method, left.toMillis(), this.traceparent, this.payload);
			return router.run(new Call(agent, frame, ChunkReceiver.DROP))
				.map((answer) -> new FleetResult.Answered(id, answer));
		}

	}

	/** A push. */
	record ToPush(String method, Payload payload) implements FleetMessage {

		@Override
		public String kind() {
			return "push";
		}

		@Override
		public int bytes() {
			return this.payload.length();
		}

		@Override
		public String success() {
			return "sent";
		}

		@Override
		public Mono<FleetResult> send(AgentRouter router, AgentId agent, CallId id, Duration left) {
			return router.run(new Push(agent, new Frame.Push(id, this.method, this.payload), left))
				.then(Mono.just(new FleetResult.Sent(id)));
		}

	}

	/**
	 * A durable push.
	 *
	 * @param store stores the push of one agent
	 * @param bytes about how many bytes the push of one agent has
	 */
	record ToStore(Store store, int bytes) implements FleetMessage {

		@Override
		public String kind() {
			return "durable_push";
		}

		@Override
		public String success() {
			return "queued";
		}

		@Override
		public boolean isStored() {
			return true;
		}

		@Override
		public Mono<FleetResult> send(AgentRouter router, AgentId agent, CallId id, Duration left) {
			return this.store.store(agent, id).map(FleetResult.Queued::new);
		}

	}

	/** Stores the durable push of one agent. */
	@FunctionalInterface
	interface Store {

		/**
		 * Stores a push.
		 * @param id the id of the push
		 * @return the id of the push, or of an earlier one that was repeated; an error of
		 * {@link dev.switchboard.problem.ProblemException} if none is stored. It comes
		 * within a second or two. What is cancelled may be stored nevertheless
		 */
		Mono<CallId> store(AgentId agent, CallId id);

	}

}
