package dev.switchboard.cluster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

/**
 * The way between the nodes and the simulated database. Everything on it takes time, and
 * waits while the way is frozen.
 */
final class DatabaseWay {

	private static final long LATENCY = 300_000;

	private final World world;

	private final SplittableRandom chance;

	private final List<Runnable> frozen = new ArrayList<>();

	private boolean freezes;

	DatabaseWay(World world, SplittableRandom chance) {
		this.world = world;
		this.chance = chance;
	}

	/**
	 * Runs a task after the time of a way to the database or back.
	 * @param run the run of a node to which the task belongs; null for the database
	 */
	void pass(@Nullable NodeRun run, Runnable task) {
		this.world.in(LATENCY / 2 + World.around(this.chance, LATENCY / 2), run, () -> {
			if (this.freezes) {
				this.frozen.add(() -> this.world.in(0, run, task));
			}
			else {
				task.run();
			}
		});
	}

	/** Lets nothing through until it thaws. */
	void freeze() {
		this.freezes = true;
	}

	void thaw() {
		this.freezes = false;
		List.copyOf(this.frozen).forEach(Runnable::run);
		this.frozen.clear();
	}

}
