package dev.switchboard.label;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.switchboard.database.Deletion;
import dev.switchboard.directory.Claim;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The statements on labels, for tests of other rooms. */
public final class LabelStatements {

	private LabelStatements() {
	}

	/** Stores what the agents of claims say about themselves. */
	public static Mono<Integer> describe(Connection connection, Map<Claim, Map<String, String>> labels, Chance chance) {
		List<DescriptionWrite> writes = labels.entrySet().stream().map((entry) -> {
			Claim claim = entry.getKey();
			return new DescriptionWrite(claim.agent(), claim.connection(),
					AgentDescription.of(new Frame.Hello(entry.getValue(), null)), () -> true);
		}).toList();
		return DescriptionChanges.store(connection, writes, chance);
	}

	/** Reads the labels of agents. */
	public static Mono<Map<AgentId, Map<String, String>>> labels(Connection connection, List<AgentId> agents) {
		return DescriptionRow.find(connection, agents).map(Descriptions::stored).map((stored) -> {
			Map<AgentId, Map<String, String>> labels = new HashMap<>();
			stored.forEach((agent, description) -> labels.put(agent, description.labels()));
			return labels;
		});
	}

	/** Reads a page of the agents that a selector selects. */
	public static Mono<List<AgentId>> select(Connection connection, String tenant, String selector,
			@Nullable Boolean online, @Nullable String after, int limit) {
		return new LabelQuery(connection, tenant, Selector.parse(selector), online).page(after, limit);
	}

	/** The deletion of the descriptions of agents that are about to be forgotten. */
	public static Deletion unseenFor(Duration retention) {
		return new UnseenDescriptions(retention);
	}

}
