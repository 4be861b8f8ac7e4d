package dev.switchboard.cluster.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

/**
 * The network between nodes, and between agents and nodes. Each direction between two
 * places can be cut or slow.
 */
final class Network {

	/** The place of all agents. */
	static final String AGENTS = "agents";

	private static final long SHORTEST = 80_000;

	private static final long SPREAD = 150_000;

	private static final long RETRANSMISSION = 200_000_000;

	private final World world;

	private final SplittableRandom chance;

	private final Map<String, Machine> machines = new HashMap<>();

	private final Set<TcpEnd> open = new LinkedHashSet<>();

	private final Set<String> cuts = new LinkedHashSet<>();

	private final Map<String, Long> slow = new HashMap<>();

	Network(World world) {
		this.world = world;
		this.chance = world.chance("network");
	}

	World world() {
		return this.world;
	}

	void add(Machine machine) {
		this.machines.put(machine.host(), machine);
	}

	@Nullable Machine machine(String host) {
		return this.machines.get(host);
	}

	/** Makes a connection between two places. */
	TcpEnd[] connect(String from, String to) {
		TcpEnd[] ends = TcpEnd.pair(this, from, to);
		this.open.addAll(List.of(ends));
		return ends;
	}

	void closed(TcpEnd end) {
		this.open.remove(end);
	}

	/** Returns the open ends at a place. */
	List<TcpEnd> at(String place) {
		List<TcpEnd> ends = new ArrayList<>();
		this.open.stream().filter((end) -> end.place().equals(place)).forEach(ends::add);
		return ends;
	}

	/** Ends all connections of a node whose process was killed. */
	void reset(String place) {
		at(place).forEach((end) -> {
			end.abort();
			this.open.remove(end);
		});
	}

	/** Silences all connections of a node whose machine is gone. */
	void silence(String place) {
		at(place).forEach((end) -> {
			end.vanish();
			this.open.remove(end);
		});
	}

	/** Draws the length of the next segment of bytes. */
	int segment(int length) {
		return (length > 1 && this.chance.nextInt(8) == 0) ? 1 + this.chance.nextInt(length - 1) : length;
	}

	/** Draws the time at which a segment arrives that is sent now. */
	long arrival(String from, String to) {
		return this.world.nanoTime() + SHORTEST + World.around(this.chance, SPREAD)
				+ this.slow.getOrDefault(from + ">" + to, 0L);
	}

	boolean isCut(String from, String to) {
		return !this.cuts.isEmpty() && this.cuts.contains(from + ">" + to);
	}

	void cut(String from, String to) {
		this.cuts.add(from + ">" + to);
	}

	void mend(String from, String to) {
		this.cuts.remove(from + ">" + to);
	}

	/** Makes one direction slower. */
	void slow(String from, String to, long nanos) {
		this.slow.put(from + ">" + to, nanos);
	}

	void heal() {
		this.cuts.clear();
		this.slow.clear();
	}

	void at(long time, Runnable task) {
		this.world.at(time, null, task);
	}

	void later(Runnable task) {
		this.world.in(SHORTEST + World.around(this.chance, SPREAD), null, task);
	}

	void retransmit(Runnable task) {
		this.world.in(RETRANSMISSION, null, task);
	}

}
