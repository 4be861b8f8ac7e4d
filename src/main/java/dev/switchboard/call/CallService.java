package dev.switchboard.call;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;

import dev.switchboard.connection.AgentCall;
import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.Problem;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Service;

/**
 * Gets calls and pushes to the agents they are for: an agent that this node holds is
 * served from memory, any other is looked up.
 */
@Service
final class CallService {

	private final ConnectionRegistry registry;

	private final Presence presence;

	private final CallMetrics metrics;

	CallService(ConnectionRegistry registry, Presence presence, CallMetrics metrics) {
		this.registry = registry;
		this.presence = presence;
		this.metrics = metrics;
	}

	/**
	 * Runs a call, once.
	 * @param chunks takes the parts of a streamed result
	 * @return the agent's answer, or an error of {@link CallException}; cancelling it
	 * cancels the call
	 */
	Mono<Answer> call(CallRequest request, ChunkReceiver chunks) {
		AgentCall call = new AgentCall(request.id(), request.method(), request.options().timeToLive(),
				request.traceparent(), request.payload(), chunks);
		return this.metrics.measure(run(request, call).onErrorMap(ConnectionException.class,
				(ex) -> translate(ex.reason(), this.presence.now())));
	}

	private Mono<Answer> run(CallRequest request, AgentCall call) {
		AgentConnection here = this.registry.find(request.agent());
		return (here != null) ? here.call(call)
				: connection(request.agent(), request.options()).flatMap((connection) -> connection.call(call));
	}

	/**
	 * Pushes a message.
	 * @return completes once it has been written to the agent's connection, or an error
	 * of {@link CallException}
	 */
	Mono<Void> push(AgentId agent, Frame.Push push, Duration wait) {
		return connection(agent, wait).flatMap((connection) -> connection.push(push))
			.timeout(wait, Mono.error(CallException::deadlineUnsent))
			.onErrorMap(ConnectionException.class, (ex) -> translate(ex.reason(), this.presence.now()));
	}

	/**
	 * Looks whether a call could start.
	 * @return completes if so; the error of {@link CallException} that it would end in at
	 * once otherwise
	 */
	Mono<Void> check(CallRequest request) {
		CallRequest.Options options = request.options();
		if (this.registry.find(request.agent()) != null) {
			return Mono.empty();
		}
		return this.presence.locate(request.agent(), options.timeToLive())
			.flatMap((seen) -> options.connectWait().isZero() ? Mono.error(absent(seen)) : Mono.empty());
	}

	private Mono<AgentConnection> connection(AgentId agent, CallRequest.Options options) {
		Duration connectWait = options.connectWait();
		if (connectWait.isZero() || this.registry.find(agent) != null) {
			return connection(agent, options.timeToLive());
		}
		return this.presence.locate(agent, options.timeToLive())
			.flatMap((seen) -> this.registry.await(agent)
				.timeout(connectWait)
				.onErrorMap(TimeoutException.class, (_) -> CallException.offline(seen.lastSeen())));
	}

	private Mono<AgentConnection> connection(AgentId agent, Duration wait) {
		AgentConnection connection = this.registry.find(agent);
		if (connection != null) {
			return Mono.just(connection);
		}
		return this.presence.locate(agent, wait).flatMap((seen) -> Mono.error(absent(seen)));
	}

	private CallException absent(AgentPresence seen) {
		return this.presence.isElsewhere(seen)
				? new CallException(Problem.UNAVAILABLE, "There is no way to the node that holds the agent")
				: CallException.offline(seen.lastSeen());
	}

	private static CallException translate(ConnectionException.Reason reason, Instant now) {
		return switch (reason) {
			case GONE -> CallException.offline(now);
			case DISCONNECTED -> new CallException(Problem.AGENT_DISCONNECTED,
					"The agent's connection ended while the call was in flight");
			case TOO_MANY_IN_FLIGHT ->
				new CallException(Problem.TOO_MANY_REQUESTS, "As many calls as the agent may have are in flight");
			case PAYLOAD_TOO_LARGE ->
				new CallException(Problem.PAYLOAD_TOO_LARGE, "The message would be over the frame limit");
			case TOO_SLOW -> new CallException(Problem.UNAVAILABLE, "The agent reads too slowly");
			case RESULT_TOO_LARGE ->
				new CallException(Problem.RESULT_TOO_LARGE, "The agent's answer was over the frame limit");
			case CALLER_TOO_SLOW ->
				new CallException(Problem.RESULT_TOO_LARGE, "The caller reads too slowly for the streamed result");
			case DEADLINE_UNSENT -> CallException.deadlineUnsent();
			case DEADLINE -> new CallException(Problem.DEADLINE_EXCEEDED, "The agent did not answer in time");
		};
	}

}
