package dev.switchboard.api;

import java.time.Duration;
import java.util.Optional;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.drain.NodeDrains;
import dev.switchboard.json.Envelope;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.Nodes;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.DirectoryQueries;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Shows the nodes of the cluster, drains nodes, and cancels drains. */
@RestController
@RequestMapping(path = "/v1/nodes", produces = MediaType.APPLICATION_JSON_VALUE)
final class NodeController {

	private static final long LONGEST_SECONDS = 3600;

	private final Nodes nodes;

	private final NodeDrains drains;

	NodeController(Nodes nodes, NodeDrains drains) {
		this.nodes = nodes;
		this.drains = drains;
	}

	@GetMapping
	Mono<Void> list(ServerWebExchange exchange) {
		return this.nodes.list(DirectoryQueries.LONGEST_SILENCE)
			.onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown())
			.flatMap((nodes) -> ApiResponses.write(exchange.getResponse(), 200, ResourceJson.nodes(nodes)));
	}

	@PostMapping("/{node}/drain")
	Mono<Void> drain(ServerWebExchange exchange) {
		NodeId node = ApiRequests.nodeId(exchange);
		return OptionalBody.read(exchange.getRequest(), NodeController::within)
			.flatMap((within) -> write(exchange, 202, this.drains.start(node, within.orElse(null))));
	}

	@DeleteMapping("/{node}/drain")
	Mono<Void> takeBack(ServerWebExchange exchange) {
		return write(exchange, 200, this.drains.takeBack(ApiRequests.nodeId(exchange)));
	}

	private static Mono<Void> write(ServerWebExchange exchange, int status, Mono<NodeRecord> node) {
		return node.flatMap((record) -> ApiResponses.write(exchange.getResponse(), status, ResourceJson.node(record)));
	}

	private static Optional<Duration> within(Envelope body) {
		return body.names().contains("withinSeconds") ? Optional.of(seconds(body.integer("withinSeconds")))
				: Optional.empty();
	}

	private static Duration seconds(long seconds) {
		if (seconds < 1 || seconds > LONGEST_SECONDS) {
			throw ProblemException.invalid("member 'withinSeconds' must be from 1 to " + LONGEST_SECONDS);
		}
		return Duration.ofSeconds(seconds);
	}

}
