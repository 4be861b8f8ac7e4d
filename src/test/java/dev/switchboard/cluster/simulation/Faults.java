package dev.switchboard.cluster.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the planned faults happen, and heals everything at the end. */
final class Faults {

	private static final long MILLIS = 1_000_000;

	private static final long RESTART = 100 * MILLIS;

	private static final long SLOWER = 200 * MILLIS;

	/** When an agent usually notices that its node stands still, in nanoseconds. */
	private static final long NOTICED = 500 * MILLIS;

	private final World world;

	private final Network network;

	private final SimulatedDatabase database;

	private final Map<String, Machine> machines;

	private final Map<String, AgentModel> agents;

	private final Conditions conditions;

	private final SplittableRandom suspicions;

	Faults(Network network, SimulatedDatabase database, List<Machine> machines, List<AgentModel> agents,
			Conditions conditions) {
		this.world = network.world();
		this.network = network;
		this.database = database;
		this.machines = machines.stream()
			.collect(Collectors.toMap(Machine::name, Function.identity(), (one, _) -> one, LinkedHashMap::new));
		this.agents = agents.stream()
			.collect(Collectors.toMap(AgentModel::name, Function.identity(), (one, _) -> one, LinkedHashMap::new));
		this.conditions = conditions;
		this.suspicions = this.world.chance("suspicions");
	}

	/** Plans the faults of a life that begins now. */
	void plan(List<Fault> faults) {
		long start = this.world.nanoTime();
		for (Fault fault : faults) {
			this.world.at(start + fault.at() * MILLIS, null, () -> begin(fault));
			long lasts = fault.kind().lasts() ? fault.millis() : 0;
			this.world.at(start + (fault.at() + lasts) * MILLIS, null, () -> end(fault));
		}
	}

	private void begin(Fault fault) {
		this.world.note("FAULT " + fault);
		this.conditions.began(fault);
		switch (fault.kind()) {
			case KILL -> machine(fault).kill();
			case LOSE -> machine(fault).lose();
			case STOP -> machine(fault).stop();
			case PAUSE -> pause(machine(fault));
			case CUT -> this.network.cut(from(fault), to(fault));
			case SLOW -> this.network.slow(from(fault), to(fault), SLOWER);
			case MOVE -> agent(fault).move();
			case HANGUP -> agent(fault).hangUp();
			case VANISH -> agent(fault).vanish();
			case SLEEP -> agent(fault).sleep();
			case REFUSE -> this.database.refuse();
			case FREEZE -> this.database.freeze();
			case LOCK -> this.database.lock(fault.target());
			case READONLY -> this.database.readOnly(true);
			case FORWARD -> this.database.stepClock(fault.millis() * MILLIS);
			case BACKWARD -> this.database.stepClock(-fault.millis() * MILLIS);
			case EMPTY -> this.database.empty();
		}
	}

	/**
	 * Pauses a node. Some of its agents notice that, and make a further connection
	 * meanwhile.
	 */
	private void pause(Machine machine) {
		machine.pause();
		for (AgentModel agent : this.agents.values()) {
			AgentLink link = agent.newest();
			if (this.suspicions.nextInt(3) == 0 && link != null && link.node() == machine.node()) {
				this.world.in(World.around(this.suspicions, NOTICED), null, agent::move);
			}
		}
	}

	private void end(Fault fault) {
		this.conditions.ended(fault);
		switch (fault.kind()) {
			case KILL, LOSE, STOP -> restart(machine(fault));
			case PAUSE -> machine(fault).resume();
			case CUT -> this.network.mend(from(fault), to(fault));
			case SLOW -> this.network.slow(from(fault), to(fault), 0);
			case SLEEP -> agent(fault).wakeUp();
			case REFUSE -> this.database.accept();
			case FREEZE -> this.database.thaw();
			case LOCK -> this.database.unlock(fault.target());
			case READONLY -> this.database.readOnly(false);
			case MOVE, HANGUP, VANISH, FORWARD, BACKWARD, EMPTY -> {
			}
		}
	}

	/** Starts a node, as soon as an earlier one has ended that is stopping. */
	private void restart(Machine machine) {
		SimulatedNode running = machine.node();
		if (running == null) {
			machine.start();
		}
		else if (running.isStopping()) {
			this.world.in(RESTART, null, () -> restart(machine));
		}
	}

	/** Ends all faults. */
	void heal() {
		this.world.note("all is healed");
		this.network.heal();
		this.database.heal();
		this.agents.values().stream().filter(AgentModel::isAsleep).forEach(AgentModel::wakeUp);
		this.machines.values().forEach((machine) -> {
			machine.resume();
			restart(machine);
		});
	}

	private Machine machine(Fault fault) {
		return known(this.machines, fault);
	}

	private AgentModel agent(Fault fault) {
		return known(this.agents, fault);
	}

	private static <T> T known(Map<String, T> all, Fault fault) {
		T found = all.get(fault.target());
		if (found == null) {
			throw new IllegalArgumentException("this life has no " + fault.target() + ": " + fault);
		}
		return found;
	}

	private static String from(Fault fault) {
		return fault.target().split(">", 2)[0];
	}

	private static String to(Fault fault) {
		return fault.target().split(">", 2)[1];
	}

}
