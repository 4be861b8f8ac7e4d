package dev.switchboard.call;

import java.time.Duration;
import java.time.Instant;

import dev.switchboard.connection.AgentCall;
import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.CallForwarder;
import dev.switchboard.routing.Errand;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Service;

/**
 * Gets calls and pushes to the agents they are for: an agent that this node holds is
 * served from memory, any other is looked up.
 */
@Service
public final class CallService {

	private final ConnectionRegistry registry;

	private final AgentRouter router;

	private final CallForwarder forwarder;

	private final DirectoryClock clock;

	private final CallMetrics metrics;

	CallService(ConnectionRegistry registry, AgentRouter router, CallForwarder forwarder, DirectoryClock clock,
			CallMetrics metrics) {
		this.registry = registry;
		this.router = router;
		this.forwarder = forwarder;
		this.clock = clock;
		this.metrics = metrics;
	}

	/**
	 * Runs a call, once.
	 * @param chunks takes the parts of a streamed result
	 * @return the agent's answer, or an error of {@link ProblemException}; cancelling it
	 * cancels the call
	 */
	public Mono<Answer> call(CallRequest request, ChunkReceiver chunks) {
		AgentCall call = new AgentCall(request.id(), request.method(), request.options().timeToLive(),
				request.traceparent(), request.payload(), chunks);
		return this.metrics.measure(run(request, call).onErrorMap(ConnectionException.class,
				(ex) -> translate(ex.reason(), this.clock.now())));
	}

	private Mono<Answer> run(CallRequest request, AgentCall call) {
		CallRequest.Options options = request.options();
		AgentConnection here = this.registry.find(request.agent());
		if (here != null && options.connectWait().isZero()) {
			return here.call(call);
		}
		return this.router.run(request.agent(), options.timeToLive(), options.connectWait(),
				new Errand<>((connection) -> connection.call(call),
						(node, left) -> this.forwarder.call(node, request.agent(), call.within(left))));
	}

	/**
	 * Pushes a message.
	 * @return completes once it has been written to the agent's connection, or an error
	 * of {@link ProblemException}
	 */
	public Mono<Void> push(AgentId agent, Frame.Push push, Duration wait) {
		return this.router
			.run(agent, wait,
					new Errand<>((connection) -> connection.push(push, wait),
							(node, left) -> this.forwarder.push(node, agent, push, left)))
			.onErrorMap(ConnectionException.class, (ex) -> translate(ex.reason(), this.clock.now()));
	}

	/**
	 * Closes an agent's connection for an operator.
	 * @return completes once that has begun, or an error of {@link ProblemException}
	 */
	public Mono<Void> disconnect(AgentId agent, Duration wait) {
		return this.router
			.run(agent, wait, new Errand<>(
					(connection) -> Mono.<Void>fromRunnable(() -> connection.close(DisconnectReason.BY_OPERATOR)),
					(node, left) -> this.forwarder.disconnect(node, agent, left)))
			.onErrorMap(ConnectionException.class, (ex) -> translate(ex.reason(), this.clock.now()));
	}

	/**
	 * Looks whether a call could start.
	 * @return completes if so; the error of {@link ProblemException} that it would end in
	 * at once otherwise
	 */
	public Mono<Void> check(CallRequest request) {
		CallRequest.Options options = request.options();
		return (this.registry.find(request.agent()) != null) ? Mono.empty()
				: this.router.check(request.agent(), options.timeToLive(), !options.connectWait().isZero());
	}

	private static ProblemException translate(ConnectionException.Reason reason, Instant now) {
		return switch (reason) {
			case GONE -> ProblemException.offline(now);
			case DISCONNECTED -> new ProblemException(Problem.AGENT_DISCONNECTED,
					"The agent's connection ended while the call was in flight");
			case TOO_MANY_IN_FLIGHT ->
				new ProblemException(Problem.TOO_MANY_REQUESTS, "As many calls as the agent may have are in flight");
			case PAYLOAD_TOO_LARGE ->
				new ProblemException(Problem.PAYLOAD_TOO_LARGE, "The message would be over the frame limit");
			case TOO_SLOW -> new ProblemException(Problem.UNAVAILABLE, "The agent reads too slowly");
			case RESULT_TOO_LARGE ->
				new ProblemException(Problem.RESULT_TOO_LARGE, "The agent's answer was over the frame limit");
			case CALLER_TOO_SLOW ->
				new ProblemException(Problem.RESULT_TOO_LARGE, "The caller reads too slowly for the streamed result");
			case DEADLINE_UNSENT -> ProblemException.deadlineUnsent();
			case DEADLINE -> new ProblemException(Problem.DEADLINE_EXCEEDED, "The agent did not answer in time");
		};
	}

}
