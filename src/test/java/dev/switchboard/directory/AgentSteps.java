package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.switchboard.label.LabelStatements;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Draws the steps that write and read the table of agents. */
final class AgentSteps {

	private static final List<String> LABELS = List.of("env", "Env", "e");

	private static final Duration LIMIT = TestNode.LIMIT;

	private final HistoryNames names;

	private final List<AgentId> claimed = new ArrayList<>();

	AgentSteps(HistoryNames names) {
		this.names = names;
	}

	/** Draws a step; a release before the first claim becomes a claim. */
	HistoryStep next() {
		int kind = this.names.below(21);
		if (kind < 4 || this.claimed.isEmpty()) {
			return claim();
		}
		return switch (kind) {
			case 4, 5, 6 -> release();
			case 7, 8 -> batch();
			case 9, 10 -> streak();
			case 11 -> locate();
			case 12 -> list();
			case 13 -> audit();
			case 14 -> forget();
			case 15, 16 -> describe();
			case 17, 18 -> select();
			case 19 -> undescribe();
			default -> claimAgain();
		};
	}

	/** Makes a claim when the history runs, and keeps it under its number. */
	private Function<HistoryWorld, Claim> newClaim(int node) {
		AgentId agent = this.names.agent();
		ConnectionId connection = new ConnectionId(this.names.uuid());
		boolean next = this.names.chance(2);
		long epoch = this.names.epoch();
		Instant at = this.names.instant();
		String remote = this.names.remote();
		this.claimed.add(agent);
		return (world) -> {
			long given = next ? world.nodes.get(node).clock.nextEpoch() : epoch;
			Claim claim = new Claim(agent, connection, given, at, remote);
			world.claims.add(claim);
			return claim;
		};
	}

	private HistoryStep claim() {
		int node = this.names.node();
		Function<HistoryWorld, Claim> claim = newClaim(node);
		String line = "claim " + (this.claimed.size() - 1) + " of " + this.claimed.getLast() + " by node " + node;
		return new HistoryStep(line, (world) -> claimed(world, node, claim.apply(world), false));
	}

	private HistoryStep claimAgain() {
		int node = this.names.node();
		int number = this.names.below(this.claimed.size());
		return new HistoryStep("claim-again " + number + " of " + this.claimed.get(number) + " by node " + node,
				(world) -> claimed(world, node, world.claims.get(number), true));
	}

	private static Mono<?> claimed(HistoryWorld world, int number, Claim claim, boolean again) {
		HistoryNode node = world.nodes.get(number);
		node.superseded.clear();
		AtomicLong row = new AtomicLong();
		return node.agents.claim(claim, again, row::set)
			.map((won) -> won + ", row " + row + ", superseded " + sorted(node.superseded.stream()) + ", flaps "
					+ node.flapping.contains(claim.agent()));
	}

	private HistoryStep release() {
		int node = this.names.node();
		int number = this.names.below(this.claimed.size());
		Instant at = this.names.instant();
		LastClose close = this.names.close();
		String line = "release " + number + " of " + this.claimed.get(number) + " by node " + node + " at " + at
				+ " with " + close;
		return new HistoryStep(line,
				(world) -> world.nodes.get(node).agents.release(world.claims.get(number), at, close));
	}

	/** Draws several claims and releases that go into one statement. */
	private HistoryStep batch() {
		int node = this.names.node();
		List<Function<HistoryWorld, AgentWrite>> writes = new ArrayList<>();
		List<String> lines = new ArrayList<>();
		for (int i = 2 + this.names.below(4); i > 0; i--) {
			writes.add(this.names.chance(3) ? oldRelease(lines) : newWrite(node, lines));
		}
		return new HistoryStep("batch by node " + node + ": " + String.join("; ", lines), (world) -> stored(world,
				world.nodes.get(node), writes.stream().map((write) -> write.apply(world)).toList()));
	}

	private Function<HistoryWorld, AgentWrite> newWrite(int node, List<String> lines) {
		Function<HistoryWorld, Claim> claim = newClaim(node);
		lines.add("claim " + (this.claimed.size() - 1) + " of " + this.claimed.getLast());
		return (world) -> AgentWrite.claim(claim.apply(world));
	}

	private Function<HistoryWorld, AgentWrite> oldRelease(List<String> lines) {
		int number = this.names.below(this.claimed.size());
		Instant at = this.names.instant();
		LastClose close = this.names.close();
		lines.add("release " + number + " of " + this.claimed.get(number) + " at " + at + " with " + close);
		return (world) -> AgentWrite.release(world.claims.get(number), at, close);
	}

	private static Mono<?> stored(HistoryWorld world, HistoryNode node, List<AgentWrite> writes) {
		return world.upkeep((connection) -> node.writer.store(connection, writes))
			.map((stored) -> writes.stream().map(stored::holds).toList() + ", superseded "
					+ sorted(stored.superseded(node.id).stream()) + ", flapping "
					+ sorted(stored.flapping(writes, node.flapping.now()).entrySet().stream()));
	}

	private HistoryStep streak() {
		AgentId agent = this.names.agent();
		long epoch = this.names.chance(3) ? this.names.epoch() : 0;
		return new HistoryStep("streak of " + agent + " above epoch " + epoch,
				(world) -> world.upkeep((connection) -> SupersedeStreak.extend(connection, agent, epoch)));
	}

	private HistoryStep locate() {
		List<AgentId> agents = Stream.generate(this.names::agent).limit(3).distinct().toList();
		return new HistoryStep("locate " + agents, (world) -> world
			.upkeep((connection) -> AgentTable.find(connection, agents).map((found) -> sorted(found.stream()))));
	}

	private HistoryStep list() {
		String tenant = this.names.agent().tenant();
		Boolean online = new @Nullable Boolean[] { true, false, null }[this.names.below(3)];
		String after = this.names.chance(2) ? this.names.agent().agent() : null;
		int limit = 1 + this.names.below(3);
		return new HistoryStep("list " + limit + " of " + tenant + ", online " + online + ", after " + after,
				(world) -> world.nodes.getFirst().agents.list(tenant, online, limit, after, LIMIT));
	}

	/** Reads a page of a node's claims: the first one, or the one after the last read. */
	private HistoryStep audit() {
		int node = this.names.node();
		boolean first = this.names.chance(2);
		int limit = 1 + this.names.below(3);
		long before = this.names.chance(2) ? Long.MAX_VALUE : this.names.epoch();
		return new HistoryStep(
				"audit of node " + node + (first ? ", first " : ", next ") + limit + " before epoch " + before,
				(world) -> world.nodes.get(node).agents
					.claimsOfThisNode(first || world.audited.isEmpty() ? null : world.audited.getLast(), before, limit)
					.doOnNext((page) -> world.audited = page));
	}

	private HistoryStep forget() {
		Duration unseen = this.names.lifetime();
		int limit = 1 + this.names.below(3);
		return new HistoryStep("forget agents unseen for " + unseen + ", " + limit + " at a time",
				(world) -> world.inBatches(limit, AgentTable.unseenFor(unseen)));
	}

	private HistoryStep describe() {
		int number = this.names.below(this.claimed.size());
		Map<String, String> labels = new TreeMap<>();
		for (int i = this.names.below(4); i > 0; i--) {
			labels.put(this.names.any(LABELS), this.names.text());
		}
		long seed = this.names.uuid().getLeastSignificantBits();
		return new HistoryStep("describe " + number + " of " + this.claimed.get(number) + " as " + labels,
				(world) -> world.upkeep((connection) -> LabelStatements.describe(connection,
						Map.of(world.claims.get(number), labels), Chance.seeded(seed))));
	}

	private HistoryStep select() {
		String tenant = this.names.agent().tenant();
		String selector = Stream.generate(this::requirement)
			.limit(1 + this.names.below(3))
			.collect(Collectors.joining(","));
		Boolean online = new @Nullable Boolean[] { true, false, null }[this.names.below(3)];
		String after = this.names.chance(2) ? this.names.agent().agent() : null;
		int limit = 1 + this.names.below(3);
		return new HistoryStep(
				"select " + limit + " of " + tenant + " by " + selector + ", online " + online + ", after " + after,
				(world) -> world.upkeep(
						(connection) -> LabelStatements.select(connection, tenant, selector, online, after, limit)));
	}

	private String requirement() {
		String name = this.names.any(LABELS);
		return switch (this.names.below(6)) {
			case 0 -> name;
			case 1 -> "!" + name;
			case 2 -> name + "!=" + quoted();
			case 3 -> name + " in (" + quoted() + "," + quoted() + ")";
			case 4 -> name + " notin (" + quoted() + "," + quoted() + ")";
			default -> name + "=" + quoted();
		};
	}

	private String quoted() {
		return '"' + this.names.text().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
	}

	private HistoryStep undescribe() {
		Duration unseen = this.names.lifetime().plusMinutes(1);
		int limit = 1 + this.names.below(3);
		return new HistoryStep("undescribe agents unseen for " + unseen + ", " + limit + " at a time",
				(world) -> world.inBatches(limit, LabelStatements.unseenFor(unseen)));
	}

	private static List<String> sorted(Stream<?> values) {
		return values.map(Object::toString).sorted(Comparator.naturalOrder()).toList();
	}

}
