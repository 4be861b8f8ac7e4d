package dev.switchboard.api;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

import dev.switchboard.call.CallOutcome;
import dev.switchboard.call.RecordedCall;
import dev.switchboard.call.RecordedCallFinder;
import dev.switchboard.json.Payload;
import reactor.core.publisher.Mono;

/** Calls as resources: those that are asynchronous or have a key. */
@RestController
@RequestMapping(path = "/v1/tenants/{tenant}/calls/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
final class RecordedCallController {

	private final RecordedCallFinder calls;

	RecordedCallController(RecordedCallFinder calls) {
		this.calls = calls;
	}

	@GetMapping
	Mono<Void> get(ServerWebExchange exchange) {
		return this.calls.find(ApiRequests.tenant(exchange), ApiRequests.callId(exchange))
			.flatMap((call) -> write(call, exchange));
	}

	@DeleteMapping
	Mono<Void> cancel(ServerWebExchange exchange) {
		return this.calls.find(ApiRequests.tenant(exchange), ApiRequests.callId(exchange))
			.flatMap(RecordedCall::cancel)
			.flatMap((outcome) -> ApiResponses.write(exchange.getResponse(), 200, outcome.resource().toBytes()));
	}

	private static Mono<Void> write(RecordedCall call, ServerWebExchange exchange) {
		return ApiResponses.write(exchange.getResponse(), 200,
				call.ended()
					.map(CallOutcome::resource)
					.map(Payload::toBytes)
					.orElseGet(() -> CallOutcome.pending(call.id())));
	}

}
