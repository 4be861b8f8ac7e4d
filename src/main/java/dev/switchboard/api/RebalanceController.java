package dev.switchboard.api;

import java.util.List;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.rebalance.Move;
import dev.switchboard.rebalance.Rebalances;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Plans and starts rebalances. */
@RestController
final class RebalanceController {

	private static final int BODY_LIMIT = 1024;

	private static final String DRY_RUN = "dryRun";

	private static final Payload TRUE = Payload.parse("true");

	private static final Payload FALSE = Payload.parse("false");

	private final Rebalances rebalances;

	RebalanceController(Rebalances rebalances) {
		this.rebalances = rebalances;
	}

	@PostMapping(path = "/v1/rebalance", produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> rebalance(ServerWebExchange exchange) {
		return BodyReader.read(exchange.getRequest(), BODY_LIMIT)
			.onErrorMap(DataBufferLimitException.class, (_) -> ProblemException.invalid("The body is too long"))
			.flatMap((body) -> isDryRun(body) ? this.rebalances.plan() : this.rebalances.start())
			.flatMap((List<Move> moves) -> ApiResponses.write(exchange.getResponse(), 200, ResourceJson.moves(moves)));
	}

	private static boolean isDryRun(byte[] body) {
		if (body.length == 0) {
			return false;
		}
		try {
			Payload value = Envelope.parse(body).optionalPayload(DRY_RUN);
			if (value == null || value.equals(FALSE)) {
				return false;
			}
			if (value.equals(TRUE)) {
				return true;
			}
			throw ProblemException.invalid("member '" + DRY_RUN + "' must be true or false");
		}
		catch (JsonException ex) {
			throw ProblemException.invalid("The body: " + ex.getMessage());
		}
	}

}
