package dev.switchboard.routing;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.NodeId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Counts what a tenant uses in the whole cluster: asks all nodes. A node that does not
 * answer in time contributes nothing. Thread-safe.
 */
public final class TenantUsage {

	/** The kind of the question that other nodes answer. */
	static final String KIND = "usage";

	private static final Duration NODES_WAIT = Duration.ofMillis(500);

	private static final Duration ANSWER_WAIT = Duration.ofSeconds(1);

	private final Function<String, Usage> here;

	private final Function<Duration, Mono<List<NodeRecord>>> nodes;

	private final Forwarder forwarder;

	private final NodeId self;

	/**
	 * What a tenant uses at a moment.
	 *
	 * @param connections open connections of its agents
	 * @param callsInFlight calls that wait for its agents
	 */
	public record Usage(long connections, long callsInFlight) {

		private static final Usage NOTHING = new Usage(0, 0);

		private Usage plus(Usage other) {
			return new Usage(this.connections + other.connections, this.callsInFlight + other.callsInFlight);
		}

		Payload json() {
			return Payload.of(new JsonWriter().number("connections", this.connections)
				.number("callsInFlight", this.callsInFlight)
				.end());
		}

		static Usage read(Payload json) {
			Envelope members = Envelope.parse(json.toBytes());
			return new Usage(members.integer("connections"), members.integer("callsInFlight"));
		}

	}

	/**
	 * @param here counts what a tenant uses on this node
	 * @param nodes lists all nodes; the duration is how long the directory may be silent
	 */
	TenantUsage(Function<String, Usage> here, Function<Duration, Mono<List<NodeRecord>>> nodes, Forwarder forwarder,
			NodeId self) {
		this.here = here;
		this.nodes = nodes;
		this.forwarder = forwarder;
		this.self = self;
	}

	/** Counts what a tenant uses on the node of this registry. */
	static Usage here(ConnectionRegistry registry, String tenant) {
		long[] counts = new long[2];
		registry.forEach((connection) -> {
			if (connection.isOf(tenant)) {
				counts[0]++;
				counts[1] += connection.callsInFlight();
			}
		});
		return new Usage(counts[0], counts[1]);
	}

	/** Counts what a tenant uses, within two seconds. */
	public Mono<Usage> of(String tenant) {
		return this.nodes.apply(NODES_WAIT)
			.onErrorReturn(DatabaseUnavailableException.class, List.of())
			.flatMapIterable((all) -> all)
			.filter((node) -> node.state() != NodeState.DEAD && !node.id().equals(this.self))
			.flatMap((node) -> ask(node, tenant))
			.mergeWith(Flux.defer(() -> Flux.just(this.here.apply(tenant))))
			.reduce(Usage.NOTHING, Usage::plus);
	}

	private Mono<Usage> ask(NodeRecord node, String tenant) {
		return this.forwarder.ask(node, KIND, tenant, ANSWER_WAIT)
			.map(Usage::read)
			.timeout(ANSWER_WAIT)
			.onErrorComplete();
	}

}
