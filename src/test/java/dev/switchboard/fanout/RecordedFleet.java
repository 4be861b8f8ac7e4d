package dev.switchboard.fanout;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/** Keeps what a fleet call reports, and fails if it reports an agent twice. */
final class RecordedFleet implements FleetListener {

	final Map<AgentId, FleetResult> results = new LinkedHashMap<>();

	int agents = -1;

	/** How many more results there is room for. */
	int room = Integer.MAX_VALUE;

	@Nullable FleetSummary summary;

	@Override
	public void begun(UUID id, int count) {
		this.agents = count;
	}

	@Override
	public void ended(AgentId agent, FleetResult result) {
		if (this.agents < 0 || this.summary != null || this.results.put(agent, result) != null) {
			throw new AssertionError(agent + " is reported out of turn");
		}
		this.room--;
	}

	@Override
	public void finished(FleetSummary counts) {
		if (this.summary != null) {
			throw new AssertionError("finished twice");
		}
		this.summary = counts;
	}

	@Override
	public boolean hasRoom() {
		return this.room > 0;
	}

	FleetResult of(AgentId agent) {
		return Objects.requireNonNull(this.results.get(agent), () -> "no result of " + agent);
	}

	Outcome outcome(AgentId agent) {
		return of(agent).outcome();
	}

	Problem problem(AgentId agent) {
		return ((FleetResult.Failed) of(agent)).problem().problem();
	}

	List<AgentId> with(Outcome outcome) {
		return this.results.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().outcome() == outcome)
			.map(Map.Entry::getKey)
			.toList();
	}

}
