package dev.switchboard.fanout;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * The calls or pushes of a fleet call that are in flight. Each of them ends once. Belongs
 * to the fleet call's event loop.
 */
final class Flights {

	private final FleetMessage message;

	private final FleetContext context;

	private final BiConsumer<AgentId, FleetResult> ended;

	private final Map<AgentId, Flight> all = new HashMap<>();

	private record Flight(CallId id, NodeQueues.NodeQueue node, Disposable.Swap work) {
	}

	/**
	 * @param ended takes the result of each call or push that was not cancelled
	 */
	Flights(FleetMessage message, FleetContext context, BiConsumer<AgentId, FleetResult> ended) {
		this.message = message;
		this.context = context;
		this.ended = ended;
	}

	/** Returns how many are in flight. */
	int count() {
		return this.all.size();
	}

	/**
	 * Calls an agent. The caller has taken a place of the {@link InFlightLimit}, which is
	 * given back at the end.
	 */
	void begin(NodeQueues.Next next, Duration left) {
		AgentId agent = next.agent();
		Flight flight = new Flight(new CallId(this.context.chance().uuid()), next.from(), Disposables.swap());
		this.all.put(agent, flight);
		Mono<FleetResult> result = this.message.send(this.context.router(), agent, flight.id(),
				left.toMillis() > 0 ? left : Duration.ofMillis(1));
		flight.work()
			.update(result.subscribe((ending) -> end(agent, flight, ending),
					(failure) -> end(agent, flight, failed(flight, failure))));
	}

	private static FleetResult failed(Flight flight, Throwable failure) {
		return new FleetResult.Failed(flight.id(), (failure instanceof ProblemException problem) ? problem
				: new ProblemException(Problem.INTERNAL_ERROR, "The gateway failed"));
	}

	private void end(AgentId agent, Flight flight, FleetResult result) {
		this.context.onLoop(() -> {
			if (this.all.remove(agent, flight)) {
				release(flight);
				this.context.quota().answered(result);
				this.ended.accept(agent, result);
			}
		});
	}

	private void release(Flight flight) {
		flight.work().dispose();
		flight.node().ended();
		this.context.quota().ended();
		this.context.release();
	}

	/**
	 * Cancels all, because too many agents have failed. A push that is being stored
	 * cannot be taken back, so it goes on to its own end.
	 */
	void stop() {
		if (!this.message.isStored()) {
			endAll(new ProblemException(Problem.CALL_CANCELLED,
					"The fleet call was stopped because too many agents had failed"));
		}
	}

	/** Ends all, because the time is up. */
	void timeOut() {
		endAll(new ProblemException(Problem.DEADLINE_EXCEEDED,
				this.message.isStored() ? "The directory did not answer in time; the push may have been stored"
						: "The agent did not answer in time"));
	}

	private void endAll(ProblemException problem) {
		Map<AgentId, Flight> ending = Map.copyOf(this.all);
		this.all.clear();
		ending.values().forEach(this::release);
		ending.forEach((agent, flight) -> this.ended.accept(agent, new FleetResult.Failed(flight.id(), problem)));
	}

	/** Cancels all, without results. */
	void cancelAll() {
		Map<AgentId, Flight> ending = Map.copyOf(this.all);
		this.all.clear();
		ending.values().forEach(this::release);
	}

}
