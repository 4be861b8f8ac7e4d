package dev.switchboard.label;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.AgentPage;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Keeps the descriptions of agents in the directory, and finds agents by their labels. A
 * description outlives its connection, until a connection of the agent sends another one.
 * All methods are thread-safe. Results may come on threads of the database driver, which
 * must not be blocked.
 */
public final class Descriptions {

	private final Database database;

	private final AgentDirectory directory;

	private final DescriptionWriter writer;

	Descriptions(Database database, AgentDirectory directory, DescriptionWriter writer) {
		this.database = database;
		this.directory = directory;
		this.writer = writer;
	}

	/**
	 * Stores a description, once the agent's claims and releases made so far are stored.
	 * Writes nothing if the directory has the same description already. While the
	 * database is away, the description waits.
	 */
	public void store(DescriptionWrite write) {
		this.directory.settled(write.agent()).onErrorComplete().doOnTerminate(() -> this.writer.add(write)).subscribe();
	}

	/**
	 * Finds descriptions.
	 * @param limit how long the directory may be silent
	 * @return the descriptions, without those of agents that have none; an error of
	 * {@link DatabaseUnavailableException} if the directory is silent for longer
	 */
	public Mono<Map<AgentId, AgentDescription>> find(List<AgentId> agents, Duration limit) {
		if (agents.isEmpty()) {
			return Mono.just(Map.of());
		}
		return Database.within(limit,
				this.database.request("describe", (connection) -> DescriptionRow.find(connection, agents))
					.map(Descriptions::stored));
	}

	static Map<AgentId, AgentDescription> stored(Map<AgentId, DescriptionRow> rows) {
		Map<AgentId, AgentDescription> found = new HashMap<>();
		rows.forEach((agent, row) -> {
			if (row.stored() != null) {
				found.put(agent, row.stored().description());
			}
		});
		return found;
	}

	/**
	 * Lists a tenant's agents that a selector selects, once this node's earlier claims
	 * and releases are stored.
	 * @param online true for agents with a claim, false for those without, null for all
	 * @param limit the most agents on the page
	 * @param after the id after which the page begins; null for the first page
	 * @param wait how long the directory may be silent
	 * @return the page; an error of {@link DatabaseUnavailableException} if the directory
	 * is silent for longer
	 */
	public Mono<AgentPage<AgentId>> select(String tenant, Selector selector, @Nullable Boolean online, int limit,
			@Nullable String after, Duration wait) {
		Mono<List<AgentId>> found = this.database.request("select",
				(connection) -> new LabelQuery(connection, tenant, selector, online).page(after, limit + 1));
		return Database.within(wait, this.directory.settled().then(found))
			.map((agents) -> AgentPage.of(agents, limit, Function.identity()));
	}

}
