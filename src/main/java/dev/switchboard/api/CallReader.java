package dev.switchboard.api;

import dev.switchboard.call.CallRequest;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.quota.BudgetHold;
import dev.switchboard.quota.BudgetKind;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.routing.Call;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** Reads calls from their requests. Thread-safe. */
final class CallReader {

	/** Shorter bodies are not counted while they arrive. */
	private static final int LONG = 16 * 1024;

	private final CallHeaders headers;

	private final long maxFrameBytes;

	private final ByteBudget budget;

	private final MessageQuotas quotas;

	private final Chance chance;

	/**
	 * @param maxFrameBytes the frame limit
	 * @param budget the bytes for calls that are held
	 * @param quotas refuses calls before they are read
	 * @param chance draws the ids of calls
	 */
	CallReader(CallHeaders headers, long maxFrameBytes, ByteBudget budget, MessageQuotas quotas, Chance chance) {
		this.headers = headers;
		this.maxFrameBytes = maxFrameBytes;
		this.budget = budget;
		this.quotas = quotas;
		this.chance = chance;
	}

	/**
	 * Reads a call, and gives it a new id. A call that would be held is not read if there
	 * are too few bytes for it. No call is read that is beyond a quota of its tenant.
	 * @return the call; an error of {@link ProblemException} if the request is not valid;
	 * empty if the HTTP server has already answered the request
	 */
	Mono<CallRequest> read(ServerWebExchange exchange, Preferences preferences) {
		AgentId agent = ApiRequests.agentId(exchange);
		HttpHeaders http = exchange.getRequest().getHeaders();
		CallRequest.Options options = this.headers.options(http, preferences);
		long announced = http.getContentLength();
		this.quotas.take(agent, announced);
		this.quotas.requireRoom(agent);
		if (options.isRecorded() || !options.connectWait().isZero()) {
			this.budget.admit(agent.tenant());
		}
		Mono<MessageBody> message = body(exchange, agent, announced);
		if (!options.isRecorded()) {
			return message.map((body) -> request(agent, "", body, options, http));
		}
		return CallerName.of(exchange, options.idempotencyKey() != null)
			.zipWith(message, (name, body) -> request(agent, name, body, options, http));
	}

	private Mono<MessageBody> body(ServerWebExchange exchange, AgentId agent, long announced) {
		Mono<MessageBody> body = MessageBody.read(exchange, this.maxFrameBytes, hold(agent, announced));
		return (announced < 0) ? body.doOnNext((read) -> this.quotas.received(agent, read)) : body;
	}

	/** Returns the account of a body that is long; null if it is short. */
	private @Nullable BudgetHold hold(AgentId agent, long announced) {
		return (announced >= 0 && announced <= LONG) ? null
				: new BudgetHold(this.budget, BudgetKind.CALLS, agent.tenant());
	}

	private CallRequest request(AgentId agent, String caller, MessageBody body, CallRequest.Options options,
			HttpHeaders http) {
		Frame.Call frame = new Frame.Call(new CallId(this.chance.uuid()), body.method(),
				options.timeToLive().toMillis(), CallHeaders.traceparent(http), body.payload());
		return new CallRequest(new Call(agent, frame, ChunkReceiver.DROP), caller, body.whole(), options);
	}

}
