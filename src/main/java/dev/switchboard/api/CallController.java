package dev.switchboard.api;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

import dev.switchboard.call.CallOutcome;
import dev.switchboard.call.CallRequest;
import dev.switchboard.call.CallService;
import dev.switchboard.call.RecordedCall;
import dev.switchboard.call.Recorder;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.problem.ProblemWriter;
import dev.switchboard.protocol.CallId;
import dev.switchboard.time.TimeLimit;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * Calls agents. Answers with the result, with a stream of the result, or at once without
 * the result.
 */
@RestController
final class CallController {

	/**
	 * How long a caller waits beyond the deadline of a recorded call, so that the call's
	 * own outcome comes before the wait ends.
	 */
	private static final Duration GRACE = Duration.ofMillis(500);

	private final CallService calls;

	private final Recorder recorder;

	private final CallReader reader;

	private final ProblemWriter problems;

	private final TimeSource time;

	CallController(CallService calls, Recorder recorder, CallReader reader, ProblemWriter problems, TimeSource time) {
		this.calls = calls;
		this.recorder = recorder;
		this.reader = reader;
		this.problems = problems;
		this.time = time;
	}

	@PostMapping(path = "/v1/tenants/{tenant}/agents/{agent}/calls", consumes = MediaType.APPLICATION_JSON_VALUE,
			produces = { MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_NDJSON_VALUE,
					MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_PROBLEM_JSON_VALUE })
	Mono<Void> call(ServerWebExchange exchange) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		Preferences preferences = Preferences.of(headers);
		return this.reader.read(exchange, preferences).flatMap((request) -> {
			preferences.apply(exchange.getResponse().getHeaders());
			return preferences.respondAsync() ? start(request, exchange)
					: answer(request, StreamFormat.accepted(headers.getAccept()), exchange);
		});
	}

	private Mono<Void> answer(CallRequest request, @Nullable StreamFormat format, ServerWebExchange exchange) {
		return (format != null) ? stream(request, new ChunkStream(format, this.time), exchange) : outcome(request)
			.flatMap((outcome) -> ApiResponses.write(exchange.getResponse(), outcome, this.problems));
	}

	private Mono<CallOutcome> outcome(CallRequest request) {
		if (!request.options().isRecorded()) {
			// The lambdas use only the id, so the payload does not stay in memory while
			// the call lasts.
			CallId id = request.id();
			return this.calls.call(request)
				.map((answer) -> CallOutcome.of(id, answer))
				.onErrorResume(ProblemException.class, (ex) -> Mono.just(CallOutcome.of(id, ex)));
		}
		Duration wait = request.options().waitTime().plus(request.options().connectWait()).plus(GRACE);
		return this.recorder.start(request)
			.flatMap((call) -> call.outcome()
				.timeout(TimeLimit.of(wait))
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
				: call.outcome().timeout(TimeLimit.of(wait.plus(request.options().connectWait())), Mono.empty());
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
		return ApiResponses.write(exchange.getResponse(), stream, Mono.defer(() -> outcome(request.streamedTo(stream))))
			.onErrorResume(ChunkStream.UnbegunStreamException.class,
					(ex) -> ApiResponses.write(exchange.getResponse(), ex.outcome(), this.problems));
	}

}
