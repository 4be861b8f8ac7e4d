package dev.switchboard.event;

import java.util.Set;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;

/** Makes events for tests. */
final class TestEvents {

	static final AgentId LAPTOP = new AgentId("acme", "laptop");

	static final EventFilter ALL = new EventFilter(Set.of(), Set.of(), Set.of());

	private TestEvents() {
	}

	static Event event(AgentId agent, String id) {
		return Event.of(agent, new Frame.Event(id, "job/done", Payload.parse("{\"n\": 1}")));
	}

	static EventBatch batch(long token, String... ids) {
		return batch(LAPTOP, token, ids);
	}

	static EventBatch batch(AgentId agent, long token, String... ids) {
		Map<UUID, Payload> entries = new LinkedHashMap<>();
		for (String id : ids) {
			Event event = event(agent, id);
			entries.put(event.key(), event.entry(Instant.EPOCH));
		}
		return new EventBatch(agent.tenant(), token, entries);
	}

	/** An event that remembers what became of it. */
	static final class Watched implements PendingEvent.Listener {

		final List<String> outcomes = new ArrayList<>();

		PendingEvent event(AgentId agent, String id) {
			Event event = TestEvents.event(agent, id);
			return new PendingEvent(agent, event.key(), event.entry(Instant.EPOCH), this);
		}

		@Override
		public void stored() {
			this.outcomes.add("stored");
		}

		@Override
		public void dropped() {
			this.outcomes.add("dropped");
		}

	}

}
