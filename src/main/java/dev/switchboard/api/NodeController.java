package dev.switchboard.api;

import java.time.Duration;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.drain.NodeDrains;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.Nodes;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.DirectoryQueries;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
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

	private static final int BODY_LIMIT = 1024;

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
		return BodyReader.read(exchange.getRequest(), BODY_LIMIT)
			.onErrorMap(DataBufferLimitException.class, (_) -> ProblemException.invalid("The body is too long"))
			.flatMap((body) -> write(exchange, 202, this.drains.start(node, within(body))));
	}

	@DeleteMapping("/{node}/drain")
	Mono<Void> takeBack(ServerWebExchange exchange) {
		return write(exchange, 200, this.drains.takeBack(ApiRequests.nodeId(exchange)));
	}

	private static Mono<Void> write(ServerWebExchange exchange, int status, Mono<NodeRecord> node) {
		return node.flatMap((record) -> ApiResponses.write(exchange.getResponse(), status, ResourceJson.node(record)));
	}

	private static @Nullable Duration within(byte[] body) {
		if (body.length == 0) {
			return null;
		}
		try {
			Envelope envelope = Envelope.parse(body);
			return envelope.names().contains("withinSeconds") ? seconds(envelope.integer("withinSeconds")) : null;
		}
		catch (JsonException ex) {
			throw ProblemException.invalid("The body: " + ex.getMessage());
		}
	}

	private static Duration seconds(long seconds) {
		if (seconds < 1 || seconds > LONGEST_SECONDS) {
			throw ProblemException.invalid("member 'withinSeconds' must be from 1 to " + LONGEST_SECONDS);
		}
		return Duration.ofSeconds(seconds);
	}

}
