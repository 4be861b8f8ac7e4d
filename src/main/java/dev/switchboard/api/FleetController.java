package dev.switchboard.api;

import java.util.function.BiFunction;

import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.fanout.FleetCalls;
import dev.switchboard.fanout.FleetMessage;
import dev.switchboard.fanout.FleetRun;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.push.DurablePushes;
import dev.switchboard.time.TimeSource;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * Calls many agents, or pushes to them. The answer streams a line for each agent. Until
 * the first line, a failure is an ordinary answer.
 */
@RestController
final class FleetController {

	private final FleetCalls fleetCalls;

	private final FleetReader reader;

	private final DurableFleetPushes durable;

	private final TimeSource time;

	FleetController(FleetCalls fleetCalls, DurablePushes pushes, ConnectionSettings connections, TimeSource time) {
		this.fleetCalls = fleetCalls;
		this.reader = new FleetReader(connections.maxFrameBytes());
		this.durable = new DurableFleetPushes(pushes, connections.maxFrameBytes());
		this.time = time;
	}

	@PostMapping(path = "/v1/tenants/{tenant}/fleet-calls", consumes = MediaType.APPLICATION_JSON_VALUE,
			produces = { MediaType.APPLICATION_NDJSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE,
					MediaType.APPLICATION_PROBLEM_JSON_VALUE })
	Mono<Void> call(ServerWebExchange exchange) {
		String traceparent = CallHeaders.traceparent(exchange.getRequest().getHeaders());
		return stream(exchange, (members, body) -> {
			refuseDurable(members);
			return Mono.just(new FleetMessage.ToCall(body.method(), traceparent, body.payload()));
		});
	}

	private static void refuseDurable(Envelope members) {
		Payload durable = members.optionalPayload("durable");
		if (durable != null && !durable.text().equals("false")) {
			throw ProblemException.invalid("'durable' is for fleet pushes, not for fleet calls");
		}
	}

	@PostMapping(path = "/v1/tenants/{tenant}/fleet-pushes", consumes = MediaType.APPLICATION_JSON_VALUE,
			produces = { MediaType.APPLICATION_NDJSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE,
					MediaType.APPLICATION_PROBLEM_JSON_VALUE })
	Mono<Void> push(ServerWebExchange exchange) {
		return stream(exchange, (members, body) -> {
			Durability durability = Durability.of(members);
			return (durability != null) ? this.durable.read(exchange, body, durability)
					: Mono.just(new FleetMessage.ToPush(body.method(), body.payload()));
		});
	}

	private Mono<Void> stream(ServerWebExchange exchange,
			BiFunction<Envelope, MessageBody, Mono<FleetMessage>> message) {
		return this.reader.read(exchange, message)
			.flatMap((request) -> this.fleetCalls.open(request)
				.flatMap((run) -> write(run, exchange, request.message().success())));
	}

	private Mono<Void> write(FleetRun run, ServerWebExchange exchange, String success) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		FleetStream stream = new FleetStream(run, StreamFormat.preferred(headers.getAccept()), success, this.time);
		return ApiResponses.writeLines(exchange.getResponse(), stream.lines(), stream.begin())
			// The answer may never have begun, such as for a caller that has gone.
			.doFinally((_) -> run.cancel());
	}

}
