package dev.switchboard.api;

import dev.switchboard.call.RecordedCall;
import dev.switchboard.call.Recorder;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Shows and cancels recorded calls: asynchronous calls, and calls with a key. */
@RestController
@RequestMapping(path = "/v1/tenants/{tenant}/calls/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
final class RecordedCallController {

	private final Recorder recorder;

	RecordedCallController(Recorder recorder) {
		this.recorder = recorder;
	}

	@GetMapping
	Mono<Void> get(ServerWebExchange exchange) {
		return find(exchange).flatMap((call) -> ApiResponses.write(exchange.getResponse(), 200, call.resource()));
	}

	@DeleteMapping
	Mono<Void> cancel(ServerWebExchange exchange) {
		return find(exchange).flatMap(RecordedCall::cancel)
			.flatMap((outcome) -> ApiResponses.write(exchange.getResponse(), 200, outcome.resource()));
	}

	private Mono<RecordedCall> find(ServerWebExchange exchange) {
		return this.recorder.find(ApiRequests.tenant(exchange), ApiRequests.callId(exchange));
	}

}
