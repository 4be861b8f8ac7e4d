package dev.switchboard.diagnosis;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * Why an agent can be reached or cannot, as far as the nodes that have answered know.
 * Immutable.
 */
public final class Diagnosis {

	private final AgentId agent;

	private final Sighting sighting;

	private final AgentHistory history;

	private final @Nullable NodeAnswer holder;

	private final Because because;

	/**
	 * @param refusal the problem with which the agent is kept out; null if it is not
	 */
	Diagnosis(AgentId agent, Sighting sighting, List<NodeAnswer> answers, @Nullable ProblemException refusal) {
		this.agent = agent;
		this.sighting = sighting;
		this.history = AgentHistory.merged(answers.stream().map(NodeAnswer::history).toList());
		this.holder = holder(answers);
		this.because = (refusal != null) ? Because.keptOut(refusal)
				: Because.of(sighting, this.holder, answers, this.history);
	}

	/**
	 * Returns the node that holds the agent's newest connection; null if no node that has
	 * answered holds one. While the agent moves, two nodes may each hold a connection.
	 */
	private static @Nullable NodeAnswer holder(List<NodeAnswer> answers) {
		return answers.stream()
			.filter((answer) -> answer.connection() != null)
			.max(Comparator.comparingLong(Diagnosis::epoch))
			.orElse(null);
	}

	private static long epoch(NodeAnswer answer) {
		HeldConnection connection = answer.connection();
		return (connection != null) ? connection.epoch() : 0;
	}

	/** Returns the diagnosis as the API shows it. What is not known is left out. */
	public byte[] json() {
		HeldConnection connection = (this.holder != null) ? this.holder.connection() : null;
		JsonWriter json = new JsonWriter().string("tenant", this.agent.tenant())
			.string("agent", this.agent.agent())
			.payload("reachable", Payload.parse(Boolean.toString(this.because.reachable())))
			.string("because", this.because.sentence())
			.string("presence", (connection != null) ? "online" : this.sighting.presence());
		NodeId node = (this.holder != null) ? this.holder.node() : this.sighting.node();
		json.optionalString("node", (node != null) ? node.toString() : null);
		if (connection != null) {
			connection.showIn(json);
		}
		return this.history.addTo(json)
			.objects("clonedFrom", clonedFrom().stream().map(SecondMachine::json).toList())
			.end();
	}

	/**
	 * If the agent flaps, returns the other machines with its identity, each address
	 * once; otherwise returns none.
	 */
	private List<SecondMachine> clonedFrom() {
		Set<String> addresses = new HashSet<>();
		return this.sighting.flapping()
				? this.history.machines().stream().filter((each) -> addresses.add(each.address())).toList() : List.of();
	}

}
