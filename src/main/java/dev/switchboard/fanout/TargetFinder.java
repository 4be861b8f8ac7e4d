package dev.switchboard.fanout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.directory.AgentPage;
import dev.switchboard.label.Selector;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.routing.DirectoryQueries;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Finds the agents of a fleet call. Keeps only their ids in memory. Thread-safe. */
final class TargetFinder {

	private static final int PAGE = 1000;

	private final Selecting selecting;

	private final int maxSelected;

	/** Lists the ids of agents that a selector selects. */
	@FunctionalInterface
	interface Selecting {

		/** Lists a page, as {@link dev.switchboard.label.Descriptions#select} does. */
		Mono<AgentPage<AgentId>> select(String tenant, Selector selector, @Nullable Boolean online, int limit,
				@Nullable String after, Duration wait);

	}

	TargetFinder(Selecting selecting, int maxSelected) {
		this.selecting = selecting;
		this.maxSelected = maxSelected;
	}

	/**
	 * Finds the agents.
	 * @param offlineToo whether a selector selects agents that are offline, too
	 * @return the agents; an error of {@link ProblemException} if they are too many, or
	 * if the directory is down
	 */
	Mono<List<AgentId>> find(FleetTargets targets, boolean offlineToo) {
		return switch (targets) {
			case FleetTargets.Named named -> Mono.just(named.agents());
			case FleetTargets.Selected selected -> select(selected, offlineToo ? null : true, null, new ArrayList<>())
				.onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown());
		};
	}

	private Mono<List<AgentId>> select(FleetTargets.Selected targets, @Nullable Boolean online, @Nullable String after,
			List<AgentId> found) {
		return this.selecting
			.select(targets.tenant(), targets.selector(), online, PAGE, after, DirectoryQueries.LONGEST_SILENCE)
			.flatMap((page) -> {
				found.addAll(page.agents());
				if (found.size() > this.maxSelected) {
					return Mono
						.error(ProblemException.invalid("The selector selects more than " + this.maxSelected + " agents"
								+ ((online != null) ? " that are online" : "") + " (switchboard.fleet.max-selected)"));
				}
				return (page.next() != null) ? select(targets, online, page.next(), found) : Mono.just(found);
			});
	}

}
