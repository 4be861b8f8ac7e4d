package dev.switchboard.cluster.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What is decided before a life begins: its size, and its faults. Everything else follows
 * from the seed. Its text is a story: one line for the life, and one for each fault.
 *
 * @param seed the seed
 * @param nodes how many nodes there are
 * @param loops how many event loops each node has
 * @param agents how many agents there are
 * @param calls how many calls are made in a second
 * @param seconds how long calls are made and faults happen
 * @param faults the faults, by time
 */
record LifePlan(long seed, int nodes, int loops, int agents, int calls, int seconds, List<Fault> faults) {

	private static final int FORM = 1;

	private static final Pattern LIFE = Pattern
		.compile("life " + FORM + " seed=(-?\\d+) nodes=(\\d+) loops=(\\d+) agents=(\\d+) calls=(\\d+) seconds=(\\d+)");

	private static final int FIRST_FAULT = 3_000;

	private static final int BETWEEN_FAULTS = 1_500;

	private static final List<String> TENANTS = List.of("t", "u");

	private static final List<String> TABLES = List.of("calls", "agents", "nodes");

	/**
	 * Draws a life from its seed. Each kind of fault is in it or not, with equal chance.
	 */
	static LifePlan of(long seed) {
		SplittableRandom chance = new SplittableRandom(seed * 31 + 7);
		LifePlan plan = new LifePlan(seed, 1 + chance.nextInt(4), 1 + chance.nextInt(3), 4 + chance.nextInt(13),
				20 + chance.nextInt(30), 15 + chance.nextInt(15), List.of());
		Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
		for (FaultKind kind : FaultKind.values()) {
			if (chance.nextBoolean()) {
				kinds.add(kind);
			}
		}
		return plan.with(plan.draw(chance, List.copyOf(kinds)));
	}

	private List<Fault> draw(SplittableRandom chance, List<FaultKind> kinds) {
		List<Fault> drawn = new ArrayList<>();
		long at = FIRST_FAULT;
		while (!kinds.isEmpty() && at < this.seconds * 1_000L - 1_000) {
			FaultKind kind = kinds.get(chance.nextInt(kinds.size()));
			long length = (kind.meanMillis() > 0) ? 1 + World.around(chance, kind.meanMillis()) : 0;
			drawn.add(new Fault(at, kind, target(kind, chance), Math.min(length, 4L * kind.meanMillis())));
			at += 1 + World.around(chance, BETWEEN_FAULTS);
		}
		return drawn;
	}

	private String target(FaultKind kind, SplittableRandom chance) {
		return switch (kind.target()) {
			case NODE -> node(chance);
			case WAY -> way(chance);
			case AGENT -> names().get(chance.nextInt(this.agents));
			case DATABASE -> "database";
			case TABLE -> TABLES.get(chance.nextInt(TABLES.size()));
		};
	}

	private String node(SplittableRandom chance) {
		return "n" + (1 + chance.nextInt(this.nodes));
	}

	private String way(SplittableRandom chance) {
		String from = node(chance);
		String to = node(chance);
		if (from.equals(to)) {
			return chance.nextBoolean() ? Network.AGENTS + ">" + to : from + ">" + Network.AGENTS;
		}
		return from + ">" + to;
	}

	/** Returns the names of the agents. Two tenants have agents of the same names. */
	List<String> names() {
		return IntStream.range(0, this.agents)
			.mapToObj((number) -> TENANTS.get(number % TENANTS.size()) + "/a" + number / TENANTS.size())
			.toList();
	}

	LifePlan with(List<Fault> other) {
		return new LifePlan(this.seed, this.nodes, this.loops, this.agents, this.calls, this.seconds, other);
	}

	LifePlan sized(int otherLoops, int otherAgents, int otherCalls, int otherSeconds) {
		return new LifePlan(this.seed, this.nodes, otherLoops, otherAgents, otherCalls, otherSeconds, this.faults);
	}

	/**
	 * Reads a story. Empty lines and lines that begin with {@code #} say nothing.
	 * @throws IllegalArgumentException if a line is not understood
	 */
	static LifePlan parse(List<String> lines) {
		List<String> said = lines.stream()
			.map(String::strip)
			.filter((line) -> !line.isEmpty() && line.charAt(0) != '#')
			.toList();
		Matcher life = LIFE.matcher(said.isEmpty() ? "" : said.getFirst());
		if (!life.matches()) {
			throw new IllegalArgumentException("a story of this form begins with: life " + FORM
					+ " seed=N nodes=N loops=N agents=N calls=N seconds=N, and not with: "
					+ (said.isEmpty() ? "" : said.getFirst()));
		}
		int[] sizes = IntStream.rangeClosed(2, 6).map((group) -> Integer.parseInt(life.group(group))).toArray();
		List<Fault> faults = said.stream()
			.skip(1)
			.map(Fault::parse)
			.sorted(Comparator.comparingLong(Fault::at))
			.toList();
		LifePlan plan = new LifePlan(Long.parseLong(life.group(1)), sizes[0], sizes[1], sizes[2], sizes[3], sizes[4],
				faults);
		plan.check();
		return plan;
	}

	/** Refuses a fault of something that is not in this life. */
	private void check() {
		this.faults.stream().filter((fault) -> !has(fault)).findFirst().ifPresent((fault) -> {
			throw new IllegalArgumentException("this life has no " + fault.target() + ": " + fault);
		});
	}

	/** Whether everything is in this life that its faults hit. */
	boolean isSound() {
		return this.faults.stream().allMatch(this::has);
	}

	private boolean has(Fault fault) {
		List<String> places = Stream
			.concat(Stream.of(Network.AGENTS), IntStream.rangeClosed(1, this.nodes).mapToObj((number) -> "n" + number))
			.toList();
		return switch (fault.kind().target()) {
			case NODE -> places.indexOf(fault.target()) > 0;
			case WAY -> places.containsAll(Arrays.asList(fault.target().split(">", 2)));
			case AGENT -> names().contains(fault.target());
			case DATABASE -> fault.target().equals("database");
			case TABLE -> TABLES.contains(fault.target());
		};
	}

	/** Returns the lines of the story. */
	List<String> lines() {
		String life = String.format(Locale.ROOT, "life %d seed=%d nodes=%d loops=%d agents=%d calls=%d seconds=%d",
				FORM, this.seed, this.nodes, this.loops, this.agents, this.calls, this.seconds);
		return Stream.concat(Stream.of(life), this.faults.stream().map(Fault::toString)).toList();
	}

}
