package dev.switchboard.api;

import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

import dev.switchboard.call.CallOutcome;
import dev.switchboard.call.CallRequest;
import dev.switchboard.call.CallService;
import dev.switchboard.call.RecordedCall;
import dev.switchboard.call.Recorder;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.problem.ProblemWriter;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.routing.Call;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Calls an agent, and waits for its answer or not. */
@RestController
final class CallController {

	// A call's own deadline ends it before its caller's wait does.
	private static final Duration GRACE = Duration.ofMillis(500);

	private final CallService calls;

	private final Recorder recorder;

	private final CallHeaders headers;

	private final long maxFrameBytes;

	private final ProblemWriter problems;

	CallController(CallService calls, Recorder recorder, CallHeaders headers, ConnectionSettings connections,
			ProblemWriter problems) {
		this.calls = calls;
		this.recorder = recorder;
		this.headers = headers;
		this.maxFrameBytes = connections.maxFrameBytes();
		this.problems = problems;
	}

	@PostMapping(path = "/v1/tenants/{tenant}/agents/{agent}/calls", consumes = MediaType.APPLICATION_JSON_VALUE,
			produces = { MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_NDJSON_VALUE,
					MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_PROBLEM_JSON_VALUE })
	Mono<Void> call(ServerWebExchange exchange) {
		AgentId id = ApiRequests.agentId(exchange);
		return request(id, exchange).flatMap((request) -> {
			applyPreferences(request, exchange);
			StreamFormat format = StreamFormat.accepted(exchange.getRequest().getHeaders().getAccept());
			if (request.options().isAsync()) {
				return start(request, exchange);
			}
			return (format != null) ? stream(request, new ChunkStream(format), exchange) : outcome(request)
				.flatMap((outcome) -> ApiResponses.write(exchange.getResponse(), outcome, this.problems));
		});
	}

	private Mono<CallRequest> request(AgentId agent, ServerWebExchange exchange) {
		ServerHttpRequest http = exchange.getRequest();
		CallRequest.Options options = this.headers.options(http.getHeaders());
		Mono<MessageBody> message = MessageBody.read(http, this.maxFrameBytes);
		if (!options.isRecorded()) {
			return message.map((body) -> request(agent, "", body, options, http));
		}
		Mono<String> caller = exchange.getPrincipal().map(Principal::getName).defaultIfEmpty("dev");
		return caller.zipWith(message, (name, body) -> request(agent, name, body, options, http));
	}

	private static CallRequest request(AgentId agent, String caller, MessageBody body, CallRequest.Options options,
			ServerHttpRequest http) {
		Frame.Call frame = new Frame.Call(CallId.random(), body.method(), options.timeToLive().toMillis(),
				CallHeaders.traceparent(http.getHeaders()), body.payload());
		return new CallRequest(new Call(agent, frame, ChunkReceiver.DROP), caller, body.whole(), options);
	}

	private static void applyPreferences(CallRequest request, ServerWebExchange exchange) {
		@Nullable String applied = request.options().preferences().applied();
		if (applied != null) {
			exchange.getResponse().getHeaders().set("Preference-Applied", applied);
		}
	}

	private Mono<CallOutcome> outcome(CallRequest request) {
		if (!request.options().isRecorded()) {
			// With the id alone nothing here holds the payload while the call lasts.
			CallId id = request.id();
			return this.calls.call(request)
				.map((answer) -> CallOutcome.of(id, answer))
				.onErrorResume(ProblemException.class, (ex) -> Mono.just(CallOutcome.of(id, ex)));
		}
		Duration wait = request.options().waitTime().plus(request.options().connectWait()).plus(GRACE);
		return this.recorder.start(request)
			.flatMap((call) -> call.outcome()
				.timeout(wait)
				.onErrorMap(TimeoutException.class,
						(_) -> new ProblemException(Problem.DEADLINE_EXCEEDED, "The call has not ended in time")
							.of(call.id())));
	}

	private Mono<Void> start(CallRequest request, ServerWebExchange exchange) {
		boolean keyed = request.options().idempotencyKey() != null;
		return (keyed ? Mono.<Void>empty() : this.calls.check(request))
			.then(Mono.defer(() -> this.recorder.start(request)))
			.flatMap((call) -> answerOrAccept(call, request, exchange));
	}

	private Mono<Void> answerOrAccept(RecordedCall call, CallRequest request, ServerWebExchange exchange) {
		Duration wait = request.options().waitTime();
		Mono<CallOutcome> outcome = wait.isZero() ? Mono.empty()
				: call.outcome().timeout(wait.plus(request.options().connectWait()), Mono.empty());
		return outcome.map((ended) -> ApiResponses.write(exchange.getResponse(), ended, this.problems))
			.defaultIfEmpty(Mono.defer(() -> accept(call, request, exchange)))
			.flatMap((written) -> written);
	}

	private static Mono<Void> accept(RecordedCall call, CallRequest request, ServerWebExchange exchange) {
		exchange.getResponse()
			.getHeaders()
			.set(HttpHeaders.LOCATION, "/v1/tenants/" + request.agent().tenant() + "/calls/" + call.id());
		return ApiResponses.write(exchange.getResponse(), 202, CallOutcome.pending(call.id()));
	}

	private Mono<Void> stream(CallRequest request, ChunkStream stream, ServerWebExchange exchange) {
		return ApiResponses.write(exchange.getResponse(), stream, outcome(request.streamedTo(stream)))
			.onErrorResume(ChunkStream.UnbegunStreamException.class,
					(ex) -> ApiResponses.write(exchange.getResponse(), ex.outcome(), this.problems));
	}

}
