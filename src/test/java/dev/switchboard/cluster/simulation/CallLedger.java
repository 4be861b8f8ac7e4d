package dev.switchboard.cluster.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.switchboard.problem.Outcome;
import org.jspecify.annotations.Nullable;

/** All calls of a life, and the rules about each of them. */
final class CallLedger {

	private static final long NEWEST_AFTER = 500_000_000;

	private static final long CANCEL_WITHIN = 500_000_000;

	/**
	 * How much later a call with a key may end than its limit, if another node may run it
	 * for a second caller.
	 */
	private static final long JOINED = 1_000_000_000;

	private final World world;

	private final Conditions conditions;

	private final Violations violations;

	private final List<CallRecord> calls = new ArrayList<>();

	/** The second calls by the first ones with their keys. */
	private final Map<CallRecord, CallRecord> seconds = new LinkedHashMap<>();

	/** The calls by the ids under which the agents know them. */
	private final Map<String, CallRecord> byId = new LinkedHashMap<>();

	private final Map<String, Integer> outcomes = new TreeMap<>();

	/** When an agent last did something that costs calls, by its name. */
	private final Map<String, Long> disturbed = new LinkedHashMap<>();

	CallLedger(World world, Conditions conditions, Violations violations) {
		this.world = world;
		this.conditions = conditions;
		this.violations = violations;
	}

	void begin(CallRecord call) {
		this.calls.add(call);
		if (call.isSecond()) {
			this.seconds.put(call.first(), call);
		}
	}

	/** Takes note of the id of a call that is about to be made. */
	void named(CallRecord call, String id) {
		this.byId.put(id, call);
	}

	/** Takes note that a caller has got the end of its call. */
	void ended(CallRecord call, Outcome outcome, String answer) {
		this.world.note(call + " ended: " + outcome.text() + " " + answer);
		this.outcomes.merge(outcome.text(), 1, Integer::sum);
		this.violations.unless(call.outcome() == null, Rule.ENDS_ONCE, call + " ended again: " + outcome);
		call.end(outcome);
		checkSameResult(call, outcome);
		if (outcome == Outcome.COMPLETED) {
			this.violations.unless(
					answer.contains("\"" + call.name() + "\"") && answer.contains("\"" + call.agent() + "\""),
					Rule.OWN_ANSWER, call + " got " + answer);
		}
		if (outcome == Outcome.NOT_SENT) {
			this.violations.unless(call.received() == 0, Rule.NOT_SENT, call + " was received, and ended as " + answer);
		}
		if (outcome == Outcome.UNKNOWN) {
			checkDrain(call, answer);
		}
		long limit = call.limit() + (this.seconds.containsKey(call) ? JOINED : 0);
		if (this.world.nanoTime() > limit && !call.node().run().stoodStillSince(call.begun())) {
			this.violations.add(Rule.IN_TIME, call + " ended " + (this.world.nanoTime() - call.limit()) / 1_000_000
					+ " ms too late as " + answer);
		}
	}

	/**
	 * Checks that two callers with one key get the same result, unless the call was not
	 * sent for one of them, and then perhaps was for the other.
	 */
	private void checkSameResult(CallRecord call, Outcome outcome) {
		CallRecord other = call.isSecond() ? call.first() : this.seconds.get(call);
		Outcome others = (other != null) ? other.outcome() : null;
		if (others != null && others != outcome && others != Outcome.NOT_SENT && outcome != Outcome.NOT_SENT
				&& this.conditions.isCalmSince(call.first().firstBegun())) {
			this.violations.add(Rule.AT_MOST_ONCE, call + " ended as " + outcome + ", and " + other + " as " + others);
		}
	}

	private void checkDrain(CallRecord call, String answer) {
		Long last = this.disturbed.get(call.agent());
		boolean excused = last != null && Conditions.isFelt(last, call.begun());
		this.violations.unless(excused || !this.conditions.wereOnlyStopsSince(call.begun()), Rule.DRAIN_LOSES_NOTHING,
				call + " ended as " + answer);
	}

	/**
	 * Whether nodes cannot know which connection is newer. The database's clock has
	 * stepped, and the highest epoch is lost, from which a node that starts would learn
	 * how far the epochs are from the clock. Or the clock was set back while the node
	 * started, and the database had not answered it yet.
	 */
	boolean areEpochsLost(AgentLink link) {
		long opened = link.openedAt();
		boolean hasStarted = Conditions.isFelt(link.node().run().startedAt(), opened);
		return (this.conditions.hasClockStepped() && this.conditions.wasEmptiedSince(opened - Conditions.FELT))
				|| (this.conditions.wasClockSetBackSince(opened) && hasStarted
						&& !this.conditions.isDatabaseCalmSince(opened));
	}

	/** Takes note that an agent does something that costs calls. */
	void disturbed(String agent) {
		this.disturbed.put(agent, this.world.nanoTime());
	}

	/** Takes note that an agent has received a call. */
	void received(AgentLink link, String id, String name) {
		CallRecord call = this.byId.get(id);
		this.world.note(link + " receives " + name);
		if (call == null || !call.name().equals(name)) {
			this.violations.add(Rule.NO_CROSSING, link + " received a call that no caller made: " + name);
			return;
		}
		this.violations.unless(call.agent().equals(link.agent().name()), Rule.NO_CROSSING, link + " received " + call);
		boolean again = call.receive() > 1;
		// A database that was emptied knows no keys any more.
		boolean excused = call.received() == 1 && this.conditions.wasEmptiedSince(call.first().firstBegun());
		this.violations.unless(!again || excused, Rule.AT_MOST_ONCE, call + " was received again");
		this.violations.unless(call.outcome() != Outcome.NOT_SENT, Rule.NOT_SENT,
				call + " ended as not_sent, and was received after that");
		checkNewest(link, call);
	}

	private void checkNewest(AgentLink link, CallRecord call) {
		AgentLink newest = link.agent().newestWelcomed();
		if (newest != null && newest != link && newest.welcomedAt() > link.welcomedAt()
				&& call.begun() > newest.welcomedAt() + NEWEST_AFTER
				&& (this.conditions.isCalmSince(link.openedAt()) || mustAsk(link, call, newest))) {
			this.violations.add(Rule.NEWEST_SERVES, call + " was served by " + link + ", and " + newest + " is newer");
		}
	}

	/**
	 * Whether the node of a call must ask the directory about an agent that it holds,
	 * because it was paused for long, and the directory can know the newest connection.
	 */
	private boolean mustAsk(AgentLink link, CallRecord call, AgentLink newest) {
		NodeRun asked = call.node().run();
		NodeRun newer = newest.node().run();
		return link.node() == call.node() && asked.stoodStillSince(call.begun()) && asked.lastPause() >= Life.LEASE / 2
				&& newer.isAlive() && !newer.stoodStillSince(newest.welcomedAt())
				&& this.conditions.isDatabaseCalmSince(newest.welcomedAt());
	}

	/** Takes note that an agent has received a cancel. */
	void cancelled(String id) {
		CallRecord call = this.byId.get(id);
		if (call != null) {
			this.violations.unless(call.cancel() == 1, Rule.ONE_CANCEL, call + " was cancelled again");
			this.violations.unless(call.outcome() != Outcome.COMPLETED, Rule.ONE_CANCEL,
					call + " was cancelled after its answer");
		}
	}

	/**
	 * Takes note that an agent answers a call now. If its caller has left long before,
	 * the agent must know that.
	 */
	void answering(AgentLink link, String id) {
		CallRecord call = this.byId.get(id);
		if (call != null && call.hasLeft() && call.key() == null && !link.isClosed()
				&& this.world.nanoTime() - call.leftAt() > CANCEL_WITHIN && this.conditions.isCalmSince(call.begun())) {
			this.violations.unless(call.cancels() == 1, Rule.ONE_CANCEL,
					call + " was left by its caller, and " + link + " got no cancel");
		}
	}

	/** Takes note that the node of a call has ended. */
	void nodeEnded(CallRecord call) {
		if (call.isWaiting()) {
			this.violations.unless(
					call.isSecond() || !call.node().hasStopped() || call.node().run().stoodStillSince(call.begun()),
					Rule.DRAIN_LOSES_NOTHING, call + " waited when its node had stopped");
			call.lose();
		}
	}

	/**
	 * Returns calls with a key that ended in a way, at most a number of them. A call that
	 * was not sent is left out if a second one with its key was, or may have been.
	 */
	List<CallRecord> keyed(Outcome outcome, int most) {
		return this.calls.stream()
			.filter((call) -> call.key() != null && call.outcome() == outcome && !call.isSecond()
					&& (outcome != Outcome.NOT_SENT || (call.runs() == 0 && !mayHaveRun(this.seconds.get(call)))))
			.limit(most)
			.toList();
	}

	private static boolean mayHaveRun(@Nullable CallRecord second) {
		return second != null && second.outcome() != Outcome.NOT_SENT;
	}

	/** Checks at the end of the life that no caller waits any more. */
	void checkEnds() {
		this.calls.forEach((call) -> {
			if (call.isWaiting() && this.world.nanoTime() > call.limit()) {
				this.violations.add(Rule.ENDS_ONCE, call + " never ended");
			}
		});
	}

	Collection<CallRecord> all() {
		return this.calls;
	}

	Map<String, Integer> outcomes() {
		return this.outcomes;
	}

}
