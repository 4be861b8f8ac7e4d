package dev.switchboard.api;

import java.time.Duration;
import java.util.Locale;

import dev.switchboard.database.DirectoryUnavailableException;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.Nodes;
import dev.switchboard.problem.ProblemException;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** The nodes of the cluster. */
@RestController
final class NodeController {

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final Nodes nodes;

	NodeController(Nodes nodes) {
		this.nodes = nodes;
	}

	@GetMapping(path = "/v1/nodes", produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> list(ServerWebExchange exchange) {
		return this.nodes.list(PATIENCE)
			.onErrorMap(DirectoryUnavailableException.class, (_) -> ProblemException.directoryDown())
			.flatMap((nodes) -> ApiResponses.write(exchange.getResponse(), 200,
					new JsonWriter().objects("nodes", nodes.stream().map(NodeController::json).toList()).end()));
	}

	private static JsonWriter json(NodeRecord node) {
		return new JsonWriter().string("id", node.id().toString())
			.string("address", node.host() + ":" + node.port())
			.string("state", node.state().name().toLowerCase(Locale.ROOT))
			.number("connections", node.connections())
			.number("capacity", node.capacity())
			.string("lastHeartbeat", AgentController.time(node.lastHeartbeat()));
	}

}
