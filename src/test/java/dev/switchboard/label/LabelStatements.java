package dev.switchboard.label;

import java.time.Duration;
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

	/** Stores what the agent of a claim says about itself. */
	public static Mono<Integer> describe(Connection connection, Claim claim, Map<String, String> labels,
			Chance chance) {
		DescriptionWrite write = new DescriptionWrite(claim.agent(), claim.connection(),
				AgentDescription.of(new Frame.Hello(labels, null)), () -> true);
		return DescriptionChanges.store(connection, List.of(write), chance);
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
