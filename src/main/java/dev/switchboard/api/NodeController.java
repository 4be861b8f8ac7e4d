package dev.switchboard.api;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.node.Nodes;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.routing.DirectoryQueries;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Shows the nodes of the cluster. */
@RestController
final class NodeController {

	private final Nodes nodes;

	NodeController(Nodes nodes) {
		this.nodes = nodes;
	}

	@GetMapping(path = "/v1/nodes", produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> list(ServerWebExchange exchange) {
		return this.nodes.list(DirectoryQueries.LONGEST_SILENCE)
			.onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown())
			.flatMap((nodes) -> ApiResponses.write(exchange.getResponse(), 200, ResourceJson.nodes(nodes)));
	}

}
