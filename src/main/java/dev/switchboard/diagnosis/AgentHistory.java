package dev.switchboard.diagnosis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;

/**
 * What happened to an agent lately: the latest events of each kind, the newest first.
 * Immutable.
 */
record AgentHistory(List<EndedConnection> closes, List<RefusedHandshake> refusals, List<RecentCall> calls,
		List<SecondMachine> machines) {

	static final AgentHistory NONE = new AgentHistory(List.of(), List.of(), List.of(), List.of());

	/** Returns the history with one more event. */
	AgentHistory with(Event event) {
		return switch (event) {
			case EndedConnection each ->
				new AgentHistory(plus(this.closes, each), this.refusals, this.calls, this.machines);
			case RefusedHandshake each ->
				new AgentHistory(this.closes, plus(this.refusals, each), this.calls, this.machines);
			case RecentCall each -> new AgentHistory(this.closes, this.refusals, plus(this.calls, each), this.machines);
			case SecondMachine each ->
				new AgentHistory(this.closes, this.refusals, this.calls, plus(this.machines, each));
		};
	}

	private static <E extends Event> List<E> plus(List<E> events, E event) {
		List<E> latest = new ArrayList<>(Math.min(events.size() + 1, Event.MOST));
		latest.add(event);
		latest.addAll(events.subList(0, Math.min(events.size(), Event.MOST - 1)));
		return Collections.unmodifiableList(latest);
	}

	/** Returns the latest events of several histories, the newest first. */
	static AgentHistory merged(List<AgentHistory> histories) {
		return new AgentHistory(latest(histories, AgentHistory::closes), latest(histories, AgentHistory::refusals),
				latest(histories, AgentHistory::calls), latest(histories, AgentHistory::machines));
	}

	private static <E extends Event> List<E> latest(List<AgentHistory> histories,
			Function<AgentHistory, List<E>> events) {
		return Event.latest(histories.stream().map(events).flatMap(List::stream));
	}

	/** Returns the history without the events from before the given time. */
	AgentHistory since(Instant time) {
		Predicate<Event> kept = (event) -> !event.at().isBefore(time);
		return new AgentHistory(this.closes.stream().filter(kept).toList(),
				this.refusals.stream().filter(kept).toList(), this.calls.stream().filter(kept).toList(),
				this.machines.stream().filter(kept).toList());
	}

	/** Returns how many events the history has. */
	int size() {
		return this.closes.size() + this.refusals.size() + this.calls.size() + this.machines.size();
	}

	static AgentHistory read(Envelope json) {
		return new AgentHistory(read(json, "lastCloses", EndedConnection::read),
				read(json, "refusedHandshakes", RefusedHandshake::read), read(json, "recentCalls", RecentCall::read),
				read(json, "machines", SecondMachine::read));
	}

	private static <E> List<E> read(Envelope json, String name, Function<Envelope, E> reader) {
		return json.objects(name).stream().limit(Event.MOST).map(reader).toList();
	}

	/** Adds the lists that the API shows. */
	JsonWriter addTo(JsonWriter json) {
		return json.objects("lastCloses", this.closes.stream().map(Event::json).toList())
			.objects("refusedHandshakes", this.refusals.stream().map(Event::json).toList())
			.objects("recentCalls", this.calls.stream().map(Event::json).toList());
	}

	/** Adds all lists, for another node. */
	JsonWriter addAllTo(JsonWriter json) {
		return addTo(json).objects("machines", this.machines.stream().map(Event::json).toList());
	}

}
