package dev.switchboard.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.switchboard.cluster.Violation.Rule;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import org.jspecify.annotations.Nullable;

/** Finds the violations of the rules in a history. */
final class HistoryCheck {

	private final List<Entry> history;

	private final List<Violation> violations = new ArrayList<>();

	private final Map<Long, Entry.Begun> begun = new HashMap<>();

	private final Map<String, List<Entry.Begun>> sent;

	private final Map<Long, List<Ending>> ended;

	private final Map<String, List<Entry.Received>> received;

	private final Map<String, Entry.Answered> answered = new HashMap<>();

	private HistoryCheck(List<Entry> history) {
		this.history = history;
		this.sent = all(Entry.Begun.class).collect(Collectors.groupingBy(Entry.Begun::nonce));
		this.ended = all(Entry.Ended.class).collect(
				Collectors.groupingBy(Entry.Ended::call, Collectors.mapping(Entry.Ended::ending, Collectors.toList())));
		this.received = all(Entry.Received.class).collect(Collectors.groupingBy(Entry.Received::nonce));
		all(Entry.Begun.class).forEach((call) -> this.begun.put(call.call(), call));
		all(Entry.Answered.class).forEach((answer) -> this.answered.put(answer.result(), answer));
	}

	/**
	 * The violations of rules that hold at all times, once every call should have ended.
	 */
	static List<Violation> violations(List<Entry> history) {
		HistoryCheck check = new HistoryCheck(history);
		check.endings();
		check.results();
		check.sent.forEach(check::runs);
		check.crossings();
		check.claims();
		return check.violations;
	}

	/**
	 * The violations, for these agents, of the rule that holds when every fault is over.
	 */
	static List<Violation> unhealed(List<Entry> history, Collection<AgentId> live) {
		HistoryCheck check = new HistoryCheck(history);
		check.connections(Set.copyOf(live));
		return check.violations;
	}

	private <T extends Entry> Stream<T> all(Class<T> kind) {
		return this.history.stream().filter(kind::isInstance).map(kind::cast);
	}

	private void check(boolean holds, Rule rule, String what, @Nullable Object... seen) {
		if (!holds) {
			this.violations.add(new Violation(rule, what + ": " + Arrays.toString(seen)));
		}
	}

	private void endings() {
		this.begun.forEach((number, call) -> {
			List<Ending> endings = this.ended.getOrDefault(number, List.of());
			check(endings.size() == 1, Rule.ENDS_ONCE, "not one end", call, endings);
		});
		this.ended.forEach((number, endings) -> check(this.begun.containsKey(number), Rule.ENDS_ONCE,
				"an end without a call", endings));
	}

	private void results() {
		this.begun.forEach((number, call) -> this.ended.getOrDefault(number, List.of())
			.stream()
			.filter((ending) -> ending.is(Outcome.COMPLETED))
			.forEach((ending) -> result(call, ending)));
	}

	private void result(Entry.Begun call, Ending ending) {
		Ending.Answer answer = ending.answer();
		if (answer == null) {
			check(false, Rule.RESULT_MATCHES, "completed without an answer", call);
			return;
		}
		check(answer.nonce().equals(call.nonce()), Rule.RESULT_MATCHES, "the answer of another call", call, ending);
		check(answer.agent().equals(call.to().toString()), Rule.NOT_CROSSED, "the answer of another agent", call,
				ending);
		Entry.Answered given = this.answered.get(answer.result());
		check(given != null && given.nonce().equals(call.nonce()) && given.id().equals(ending.id()),
				Rule.RESULT_MATCHES, "not what the agent gave", call, ending, given);
	}

	/** The calls of one nonce: one, or all that have the same key. */
	private void runs(String nonce, List<Entry.Begun> calls) {
		List<Entry.Received> runs = this.received.getOrDefault(nonce, List.of());
		check(runs.size() <= 1, Rule.RUNS_ONCE, "came more than once", calls, runs);
		List<Ending> endings = calls.stream()
			.flatMap((call) -> this.ended.getOrDefault(call.call(), List.of()).stream())
			.toList();
		boolean neverSent = !endings.isEmpty() && endings.stream().allMatch((ending) -> ending.is(Outcome.NOT_SENT));
		check(!neverSent || runs.isEmpty(), Rule.NOT_SENT, "was not sent, and came", calls, runs);
		check(distinct(endings, Ending::answer) <= 1, Rule.RUNS_ONCE, "ended differently", calls, endings);
	}

	private static <T> long distinct(List<T> items, Function<T, @Nullable Object> part) {
		return items.stream().filter((item) -> part.apply(item) != null).map(part).distinct().count();
	}

	private void crossings() {
		this.received.forEach((nonce, runs) -> {
			List<Entry.Begun> calls = this.sent.getOrDefault(nonce, List.of());
			for (Entry.Received run : runs) {
				check(calls.stream().anyMatch((call) -> call.to().equals(run.agent())), Rule.NOT_CROSSED,
						"not for this agent", run, calls);
			}
		});
	}

	private void claims() {
		Map<AgentId, Entry.Claimed> last = new HashMap<>();
		all(Entry.Claimed.class).forEach((claim) -> {
			Entry.Claimed before = last.put(claim.agent(), claim);
			check(before == null || claim.epoch() > before.epoch()
					|| (claim.epoch() == before.epoch() && claim.connection().equals(before.connection())),
					Rule.ONE_CLAIM, "went back", before, claim);
		});
		Map<AgentId, Map<Long, ConnectionId>> epochs = new HashMap<>();
		all(Entry.Opened.class).forEach((opened) -> {
			ConnectionId other = epochs.computeIfAbsent(opened.agent(), (_) -> new HashMap<>())
				.put(opened.epoch(), opened.connection());
			check(other == null, Rule.ONE_CLAIM, "an epoch twice", opened, other);
		});
	}

	private void connections(Set<AgentId> live) {
		Map<AgentId, Map<ConnectionId, Entry.Opened>> open = new HashMap<>();
		Map<AgentId, Entry.Claimed> claims = new HashMap<>();
		for (Entry entry : this.history) {
			switch (entry) {
				case Entry.Opened opened ->
					open.computeIfAbsent(opened.agent(), (_) -> new HashMap<>()).put(opened.connection(), opened);
				case Entry.Closed closed ->
					open.getOrDefault(closed.agent(), new HashMap<>()).remove(closed.connection());
				case Entry.Claimed claim -> claims.put(claim.agent(), claim);
				default -> {
					// Of calls.
				}
			}
		}
		live.forEach((agent) -> connection(agent, List.copyOf(open.getOrDefault(agent, Map.of()).values()),
				claims.get(agent)));
	}

	private void connection(AgentId agent, List<Entry.Opened> open, Entry.@Nullable Claimed claim) {
		check(open.size() == 1, Rule.ONE_CONNECTION, "not one connection", agent, open);
		check(open.stream().allMatch((connection) -> isClaim(connection, claim)), Rule.ONE_CONNECTION,
				"not what is claimed", agent, open, claim);
	}

	private static boolean isClaim(Entry.Opened open, Entry.@Nullable Claimed claim) {
		return claim != null && claim.connection().equals(open.connection()) && open.node().equals(claim.node())
				&& claim.epoch() >= open.epoch();
	}

}
