package dev.switchboard.cluster.simulation;

import java.util.HashMap;
import java.util.Map;

/** Watches that the epochs in the database only rise. */
final class EpochWatch {

	private static final long PERIOD = 3_000_000_000L;

	private final World world;

	private final SimulatedDatabase database;

	private final Conditions conditions;

	private final Violations violations;

	private final Map<String, Long> highest = new HashMap<>();

	private long looked;

	EpochWatch(World world, SimulatedDatabase database, Conditions conditions, Violations violations) {
		this.world = world;
		this.database = database;
		this.conditions = conditions;
		this.violations = violations;
	}

	/** Looks now, and then again and again. */
	void start() {
		if (this.conditions.wasEmptiedSince(this.looked)) {
			this.highest.clear();
		}
		this.looked = this.world.nanoTime();
		this.database.epochs().forEach((agent, epoch) -> {
			Long before = this.highest.put(agent, epoch);
			this.violations.unless(before == null || before <= epoch, Rule.EPOCHS_RISE,
					"the epoch of " + agent + " fell from " + before + " to " + epoch);
		});
		this.world.in(PERIOD, null, this::start);
	}

}
