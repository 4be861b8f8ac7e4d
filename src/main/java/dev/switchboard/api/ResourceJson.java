package dev.switchboard.api;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import dev.switchboard.directory.AgentPage;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.LastClose;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.json.Timestamp;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.node.NodeTraits;
import dev.switchboard.protocol.CallId;
import dev.switchboard.rebalance.Move;
import dev.switchboard.routing.AgentPresence;

/** Writes agents, nodes and pushes as the API shows them. */
final class ResourceJson {

	private ResourceJson() {
	}

	static byte[] agent(AgentPresence agent) {
		return writer(agent).end();
	}

	static byte[] agents(AgentPage<AgentPresence> page) {
		return new JsonWriter().objects("agents", page.agents().stream().map(ResourceJson::writer).toList())
			.optionalString("next", (page.next() != null) ? AgentQuery.cursor(page.next()) : null)
			.end();
	}

	static byte[] nodes(List<NodeRecord> nodes) {
		return new JsonWriter().objects("nodes", nodes.stream().map(ResourceJson::writer).toList()).end();
	}

	static byte[] node(NodeRecord node) {
		return writer(node).end();
	}

	static byte[] sentPush(CallId id) {
		return new JsonWriter().string("id", id.toString()).string("outcome", "sent").end();
	}

	private static JsonWriter writer(AgentPresence agent) {
		Claim claim = agent.claim();
		JsonWriter json = new JsonWriter().string("tenant", claim.agent().tenant())
			.string("agent", claim.agent().agent())
			.string("status", (agent.node() != null) ? "online" : "offline");
		if (agent.node() != null) {
			json.string("node", agent.node().toString());
		}
		if (agent.flapping()) {
			json.payload("flapping", Payload.TRUE);
		}
		json.string("connectionId", claim.connection().toString())
			.number("epoch", DirectoryClock.shown(claim.epoch()))
			.string("connectedAt", Timestamp.of(claim.connectedAt()))
			.string("lastSeen", Timestamp.of(agent.lastSeen()))
			.optionalString("remoteAddress", claim.remoteAddress());
		agent.description().addTo(json);
		LastClose close = agent.lastClose();
		return (close != null) ? json.object("lastClose", writer(close)) : json;
	}

	private static JsonWriter writer(LastClose close) {
		return new JsonWriter().number("code", close.code())
			.string("reason", close.reason())
			.string("at", Timestamp.of(close.at()));
	}

	private static JsonWriter writer(NodeRecord node) {
		NodeTraits traits = node.traits();
		JsonWriter json = new JsonWriter().string("id", node.id().toString())
			.string("address", node.address())
			.string("state", node.state().name().toLowerCase(Locale.ROOT))
			.number("connections", node.connections())
			.number("capacity", node.capacity())
			.string("lastHeartbeat", Timestamp.of(node.lastHeartbeat()))
			.optionalString("version", traits.version())
			.optionalString("zone", traits.zone())
			.optionalString("startedAt", (traits.startedAt() != null) ? Timestamp.of(traits.startedAt()) : null);
		return (node.state() == NodeState.DRAINING) ? drain(json, node) : json;
	}

	/** Writes the moves of a rebalance. */
	static byte[] moves(List<Move> moves) {
		return new JsonWriter()
			.objects("moves",
					moves.stream()
						.map((move) -> new JsonWriter().string("from", move.from().toString())
							.string("to", move.to().toString())
							.number("agents", move.agents()))
						.toList())
			.end();
	}

	private static JsonWriter drain(JsonWriter json, NodeRecord node) {
		Instant until = node.traits().drainUntil();
		JsonWriter drain = new JsonWriter().number("left", node.connections())
			.optionalString("until", (until != null) ? Timestamp.of(until) : null);
		return json.payload("drain", Payload.of(drain.end()));
	}

}
