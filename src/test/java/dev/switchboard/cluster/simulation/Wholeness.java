package dev.switchboard.cluster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.switchboard.problem.Outcome;

/** Checks at the end of a life that the cluster is whole, and that nothing is left. */
final class Wholeness {

	/**
	 * How long a node may need to free the key of a call that was not sent, since the
	 * database may store the key late. If the node ends before that, the database does
	 * not store the key any more, unless its clock was set back.
	 */
	private static final long FREED = 15_000_000_000L;

	private static final long SECOND = 1_000_000_000L;

	private static final long LAST_CALLS = 6 * SECOND;

	private static final long QUIET = 360 * SECOND;

	private static final int LOOKS = 10;

	private static final long BETWEEN_LOOKS = SECOND / 10;

	/** How long nodes take to notice that a node was killed, and to take its agents. */
	private static final long NOTICE = 12 * SECOND;

	private static final int KEYS = 8;

	/** What must be zero when all is quiet. */
	private static final List<String> GAUGES = List.of("switchboard.calls.in.flight", "switchboard.recorded.calls.kept",
			"switchboard.forwarding.waiting", "switchboard.directory.queue", "switchboard.descriptions.queue",
			"switchboard.events.queue", "switchboard.outbound.queued");

	private final World world;

	private final SimulatedDatabase database;

	private final List<Machine> machines;

	private final List<AgentModel> agents;

	private final Callers callers;

	private final CallLedger ledger;

	private final Conditions conditions;

	private final Violations violations;

	Wholeness(World world, SimulatedDatabase database, List<Machine> machines, List<AgentModel> agents, Callers callers,
			CallLedger ledger, Conditions conditions, Violations violations) {
		this.world = world;
		this.database = database;
		this.machines = machines;
		this.agents = agents;
		this.callers = callers;
		this.ledger = ledger;
		this.conditions = conditions;
		this.violations = violations;
	}

	/** Checks that each agent has one connection, and that every node reaches it. */
	void checkHealed() {
		Rule rule = this.conditions.wasEmptiedSince(0) ? Rule.EMPTY_HEALS : Rule.HEALED;
		List<CallRecord> last = new ArrayList<>();
		for (AgentModel agent : this.agents) {
			long open = this.machines.stream().filter((machine) -> holds(machine, agent)).count();
			this.violations.unless(open == 1, rule, agent + " has " + open + " connections");
			for (Machine machine : this.machines) {
				SimulatedNode node = machine.node();
				if (node != null) {
					last.add(this.callers.call(node, agent, "last-" + machine + "-" + agent));
				}
				else {
					this.violations.add(rule, machine + " does not run");
				}
			}
		}
		this.world.runUntil(this.world.nanoTime() + LAST_CALLS);
		last.forEach((call) -> this.violations.unless(call.outcome() == Outcome.COMPLETED, rule,
				call + " ended as " + call.outcome()));
	}

	private static boolean holds(Machine machine, AgentModel agent) {
		SimulatedNode node = machine.node();
		return node != null && node.holds(agent);
	}

	/**
	 * Checks that keys of calls that were never sent are free, and that the others are
	 * not. A node that was killed may have answered a call whose outcome it could not
	 * store any more. Then the outcome is unknown when the call is made again.
	 */
	void checkKeys() {
		List<CallRecord> free = this.ledger.keyed(Outcome.NOT_SENT, KEYS);
		List<CallRecord> taken = this.ledger.keyed(Outcome.COMPLETED, KEYS)
			.stream()
			.filter((call) -> !this.conditions.wasEmptiedSince(call.begun()))
			.toList();
		Set<CallRecord> maybeNotStored = taken.stream()
			.filter((call) -> call.node().wasKilled()
					|| (call.node().hasStopped() && !this.conditions.isDatabaseCalmSince(call.begun())))
			.collect(Collectors.toSet());
		Set<CallRecord> maybeNotFreed = free.stream()
			.filter((call) -> call.node().wasKilledBy(call.begun() + FREED)
					&& this.conditions.wasClockSetBackSince(call.begun()))
			.collect(Collectors.toSet());
		again(free);
		again(taken);
		this.world.runUntil(this.world.nanoTime() + LAST_CALLS);
		free.forEach((call) -> this.violations.unless(isExpected(call, maybeNotFreed), Rule.FREE_KEY,
				call + " ended as " + call.outcome() + " when it was made again"));
		taken.forEach((call) -> this.violations.unless(isExpected(call, maybeNotStored), Rule.AT_MOST_ONCE,
				call + " was completed, and ended as " + call.outcome() + " when it was made again"));
	}

	/** Whether a call is completed, or unknown if it may be. */
	private static boolean isExpected(CallRecord call, Set<CallRecord> mayBeUnknown) {
		return call.outcome() == Outcome.COMPLETED
				|| (call.outcome() == Outcome.UNKNOWN && mayBeUnknown.contains(call));
	}

	private void again(List<CallRecord> calls) {
		int next = 0;
		for (CallRecord call : calls) {
			SimulatedNode node = this.machines.get(next++ % this.machines.size()).node();
			if (node != null) {
				this.callers.callAgain(call, node);
			}
		}
	}

	/**
	 * Checks what becomes of a node with a wrong secret, if there are other nodes. If
	 * there is one other node, the older of the two is right.
	 */
	void checkWrongSecret() {
		if (this.machines.size() < 2) {
			return;
		}
		Machine odd = this.machines.getLast();
		odd.restartWithSecret(true);
		this.world.runUntil(this.world.nanoTime() + NOTICE);
		SimulatedNode node = odd.node();
		this.violations.unless(node != null && !node.isReady(), Rule.WRONG_SECRET, node + " is ready");
		this.violations.unless(node != null && node.sessions() == 0, Rule.WRONG_SECRET, node + " has agents");
		odd.restartWithSecret(false);
		this.world.runUntil(this.world.nanoTime() + NOTICE);
	}

	/** Whether a gauge is zero soon. Nodes ask each other now and then, even in quiet. */
	private boolean isZero(SimulatedNode node, String gauge) {
		for (int look = 0; look < LOOKS && node.gauge(gauge) > 0; look++) {
			this.world.runUntil(this.world.nanoTime() + BETWEEN_LOOKS);
		}
		return node.gauge(gauge) == 0;
	}

	/** Lets six quiet minutes pass, and checks that nothing is left of calls. */
	void checkNothingIsKept() {
		this.world.runUntil(this.world.nanoTime() + QUIET);
		int sessions = 0;
		for (Machine machine : this.machines) {
			SimulatedNode node = machine.node();
			if (node != null) {
				sessions += node.sessions();
				GAUGES.forEach((name) -> this.violations.unless(isZero(node, name), Rule.NOTHING_KEPT,
						name + " is " + node.gauge(name) + " at " + node));
			}
		}
		this.violations.unless(sessions == this.agents.size(), Rule.NOTHING_KEPT,
				this.agents.size() + " agents have " + sessions + " sessions");
		checkLabels();
	}

	private void checkLabels() {
		Map<String, String> stored = this.database.labels(AgentModel.LABEL);
		for (AgentModel agent : this.agents) {
			AgentLink link = agent.newest();
			String given = (link != null) ? link.label() : null;
			this.violations.unless(Objects.equals(given, stored.get(agent.name())), Rule.LABELS_LAST,
					link + " gave the label " + given + ", and the directory has " + stored.get(agent.name()));
		}
	}

}
