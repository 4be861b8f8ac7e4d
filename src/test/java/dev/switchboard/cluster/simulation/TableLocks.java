package dev.switchboard.cluster.simulation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The locks on tables of a simulated database, and the statements that wait for them.
 */
final class TableLocks {

	private static final Set<String> TABLES = Set.of("nodes", "agents", "calls", "epochs");

	private static final long RELEASE = 300_000;

	private final World world;

	private final SplittableRandom chance;

	private final Set<String> locked = new LinkedHashSet<>();

	private final List<Runnable> waiting = new ArrayList<>();

	TableLocks(World world, SplittableRandom chance) {
		this.world = world;
		this.chance = chance;
	}

	/** Makes all statements on a table wait. */
	void lock(String table) {
		if (!TABLES.contains(table)) {
			throw new IllegalArgumentException("there is no table " + table);
		}
		this.locked.add(table);
	}

	/** Whether a statement must wait, because it names a locked table. */
	boolean stop(String sql) {
		return this.locked.stream().anyMatch((table) -> sql.contains(table));
	}

	/** Keeps a statement until a lock is released. */
	void await(Runnable statement) {
		this.waiting.add(statement);
	}

	/** Lets the waiting statements go on, in any order. */
	void unlock(String table) {
		this.locked.remove(table);
		List<Runnable> released = new ArrayList<>(this.waiting);
		this.waiting.clear();
		while (!released.isEmpty()) {
			Runnable next = released.remove(this.chance.nextInt(released.size()));
			this.world.in(World.around(this.chance, RELEASE), null, next);
		}
	}

	void unlockAll() {
		List.copyOf(this.locked).forEach(this::unlock);
	}

}
