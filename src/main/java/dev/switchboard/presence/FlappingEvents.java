package dev.switchboard.presence;

import java.util.List;

import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.connection.GatewayEvents;
import dev.switchboard.database.Sql;
import dev.switchboard.directory.FlappingListener;
import dev.switchboard.directory.SupersedeStreak;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends an event of each time that an agent flaps. If the log does not take it, the event
 * of the next time says the same. Thread-safe.
 */
final class FlappingEvents implements FlappingListener {

	private static final Logger logger = LoggerFactory.getLogger(FlappingEvents.class);

	private final GatewayEvents events;

	FlappingEvents(GatewayEvents events) {
		this.events = events;
	}

	@Override
	public void flapping(AgentId agent, SupersedeStreak streak) {
		this.events.store(List.of(event(agent, streak)))
			.subscribe(null, (failure) -> logger.debug("No event says that {} flaps: {}", agent, failure.toString()));
	}

	private static GatewayEvent event(AgentId agent, SupersedeStreak streak) {
		Payload data = Payload.of(new JsonWriter().number("count", streak.count()).end());
		return new GatewayEvent(agent, "switchboard.agent.flapping", "flapping:" + Sql.micros(streak.last()),
				agent.agent(), streak.last(), data);
	}

}
