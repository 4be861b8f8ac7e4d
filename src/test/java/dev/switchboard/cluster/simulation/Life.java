package dev.switchboard.cluster.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * One life of a simulated cluster: nodes start, agents connect, callers call, and faults
 * happen. Then all is healed, and the cluster must be whole again. One life at a time.
 */
final class Life {

	private static final long SECOND = 1_000_000_000L;

	/** How long the cluster has to become whole. */
	private static final long HEALING = 20 * SECOND;

	/** When agents may move after that. */
	private static final long MOVES = 12 * SECOND;

	static final long LEASE = 5 * SECOND;

	private static final Map<String, String> SETTINGS = Map.ofEntries(Map.entry("switchboard.node.lease", "5s"),
			Map.entry("switchboard.agent.heartbeat", "3s"), Map.entry("switchboard.agent.reconnect-max", "2s"),
			Map.entry("switchboard.forwarding.secret", "the secret of the simulated cluster"),
			Map.entry("switchboard.forwarding.port", "8070"), Map.entry("switchboard.drain.announce", "1s"),
			Map.entry("switchboard.drain.within", "8s"),
			// The memory of the tests' JVM is no part of a life.
			Map.entry("switchboard.overload.enabled", "false"));

	private final LifePlan plan;

	private final World world;

	private final Trace trace;

	private final Violations violations;

	private final Network network;

	private final SimulatedDatabase database;

	private final Conditions conditions;

	private final CallLedger ledger;

	private final List<Machine> machines;

	private final List<AgentModel> agents;

	private final Callers callers;

	private final Faults faults;

	private final SplittableRandom reactor;

	/**
	 * How a life ended.
	 *
	 * @param plan what was planned
	 * @param hash the hash of everything that happened
	 * @param tasks how many tasks ran
	 * @param virtualSeconds how long the life lasted in virtual time
	 * @param violations the rules that it broke
	 * @param outcomes how many calls ended in each way
	 * @param trace what happened, if that was asked for
	 */
	record Result(LifePlan plan, long hash, long tasks, double virtualSeconds, Violations violations,
			Map<String, Integer> outcomes, List<String> trace) {
	}

	Life(LifePlan plan, boolean traced) {
		this.plan = plan;
		this.trace = new Trace(traced);
		this.world = new World(plan.seed(), this.trace);
		this.reactor = this.world.chance("reactor");
		this.violations = new Violations(this.world);
		this.network = new Network(this.world);
		this.database = new SimulatedDatabase(this.world, plan.seed());
		this.conditions = new Conditions(this.world);
		this.ledger = new CallLedger(this.world, this.conditions, this.violations);
		this.machines = IntStream.rangeClosed(1, plan.nodes())
			.mapToObj((number) -> new Machine(number, this.network, this::node))
			.toList();
		this.agents = plan.names()
			.stream()
			.map((name) -> new AgentModel(name, this.network, this.machines, this.ledger, this.violations))
			.toList();
		this.callers = new Callers(this.world, this.machines, this.agents, this.ledger, plan.calls());
		this.faults = new Faults(this.network, this.database, this.machines, this.agents, this.conditions);
	}

	private SimulatedNode node(Machine machine, NodeRun run, int number) {
		Map<String, String> settings = new HashMap<>(SETTINGS);
		settings.put("switchboard.node.address", machine.host());
		if (machine.hasWrongSecret()) {
			settings.put("switchboard.forwarding.secret", "a secret that no other node of them has");
		}
		return new SimulatedNode(machine, run, this.plan.loops(), number, this.database, settings,
				this::registeredAnew);
	}

	long seed() {
		return this.plan.seed();
	}

	World world() {
		return this.world;
	}

	/** Returns the random numbers of Reactor's schedulers. */
	SplittableRandom reactor() {
		return this.reactor;
	}

	Violations violations() {
		return this.violations;
	}

	/** Lives. {@link Simulation} must know the life as the present one. */
	Result live() {
		try {
			SplittableRandom starts = this.world.chance("starts");
			long beginning = this.world.nanoTime();
			this.world.note("nodes have a lease of " + SETTINGS.get("switchboard.node.lease")
					+ ", and agents are t/a0, t/a1, ... of tenant t, and u/a0, u/a1, ... of tenant u");
			this.machines.forEach((machine) -> this.world.in(starts.nextLong(2 * SECOND), null, machine::start));
			this.agents.forEach((agent) -> this.world.in(SECOND + starts.nextLong(2 * SECOND), null, agent::connect));
			long end = beginning + this.plan.seconds() * SECOND;
			this.callers.callUntil(end, end + HEALING - SECOND);
			new EpochWatch(this.world, this.database, this.conditions, this.violations).start();
			this.faults.plan(this.plan.faults());
			this.world.runUntil(end);
			this.faults.heal();
			moveSome(end);
			this.world.runUntil(end + HEALING);
			checkEnd();
			this.world.note("the end, after " + this.world.done() + " tasks");
			return new Result(this.plan, this.trace.hash(), this.world.done(),
					(this.world.nanoTime() - beginning) / 1e9, this.violations, this.ledger.outcomes(),
					this.trace.lines());
		}
		finally {
			this.machines.forEach(Machine::release);
			this.database.close();
		}
	}

	/** Lets some agents move when the cluster has become whole. */
	private void moveSome(long healed) {
		SplittableRandom moves = this.world.chance("moves");
		this.agents.stream()
			.filter((_) -> moves.nextInt(3) == 0)
			.forEach((agent) -> this.world.at(healed + MOVES + moves.nextLong(4 * SECOND), null, agent::move));
	}

	private void checkEnd() {
		Wholeness wholeness = new Wholeness(this.world, this.database, this.machines, this.agents, this.callers,
				this.ledger, this.conditions, this.violations);
		wholeness.checkHealed();
		this.ledger.checkEnds();
		wholeness.checkKeys();
		wholeness.checkWrongSecret();
		wholeness.checkNothingIsKept();
	}

	/** Checks that a node that has registered again was given up for a reason. */
	private void registeredAnew(SimulatedNode node) {
		long since = this.world.nanoTime() - 3 * LEASE;
		this.world.note(node + " was given up, and has registered again");
		boolean troubled = !this.conditions.isDatabaseCalmSince(this.world.nanoTime());
		// A heartbeat that was stored without an answer seems to be lost if it is lower
		// than the one before.
		boolean reason = node.run().stoodStillSince(since) || this.conditions.wasEmptiedSince(since)
				|| (troubled && (this.conditions.wasEmptiedSince(0) || this.conditions.wasClockSetBackSince(since)));
		this.violations.unless(reason, Rule.NOT_GIVEN_UP, node + " was given up, and had stopped nothing");
	}

}
