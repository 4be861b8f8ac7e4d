package dev.switchboard.api;

import java.util.List;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.rebalance.Move;
import dev.switchboard.rebalance.Rebalances;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Plans and starts rebalances. */
@RestController
final class RebalanceController {

	private static final String DRY_RUN = "dryRun";

	private final Rebalances rebalances;

	RebalanceController(Rebalances rebalances) {
		this.rebalances = rebalances;
	}

	@PostMapping(path = "/v1/rebalance", produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> rebalance(ServerWebExchange exchange) {
		return OptionalBody.read(exchange.getRequest(), RebalanceController::isDryRun)
			.flatMap((dryRun) -> dryRun ? this.rebalances.plan() : this.rebalances.start())
			.flatMap((List<Move> moves) -> ApiResponses.write(exchange.getResponse(), 200, ResourceJson.moves(moves)));
	}

	private static boolean isDryRun(Envelope body) {
		Payload value = body.optionalPayload(DRY_RUN);
		if (value == null || value.equals(Payload.FALSE)) {
			return false;
		}
		if (value.equals(Payload.TRUE)) {
			return true;
		}
		throw ProblemException.invalid("member '" + DRY_RUN + "' must be true or false");
	}

}
