package dev.switchboard.routing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.AgentPage;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.label.Descriptions;
import dev.switchboard.label.Selector;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Lists the agents of a tenant from the directory. Thread-safe. */
final class AgentListing implements Presence.Listing {

	private final AgentDirectory directory;

	private final Descriptions descriptions;

	AgentListing(AgentDirectory directory, Descriptions descriptions) {
		this.directory = directory;
		this.descriptions = descriptions;
	}

	@Override
	public Mono<AgentPage<AgentRecord>> list(String tenant, Selector selector, @Nullable Boolean online, int limit,
			@Nullable String after, Duration wait) {
		if (selector.selectsAll()) {
			return this.directory.list(tenant, online, limit, after, wait);
		}
		return this.descriptions.select(tenant, selector, online, limit, after, wait)
			.flatMap((page) -> this.directory.findAll(page.agents(), wait).map((found) -> page(page, found, online)));
	}

	private static AgentPage<AgentRecord> page(AgentPage<AgentId> page, List<AgentRecord> found,
			@Nullable Boolean online) {
		Map<AgentId, AgentRecord> records = found.stream()
			.collect(Collectors.toMap(AgentRecord::agent, Function.identity()));
		List<AgentRecord> agents = page.agents()
			.stream()
			.map(records::get)
			.filter(Objects::nonNull)
			.filter((agent) -> agent.isWanted(online))
			.toList();
		return new AgentPage<>(agents, page.next());
	}

}
