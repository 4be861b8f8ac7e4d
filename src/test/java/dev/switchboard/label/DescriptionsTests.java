package dev.switchboard.label;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.AgentPage;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.TestNode;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class DescriptionsTests {

	private static final Duration RETENTION = Duration.ofDays(1);

	private final TestNode node;

	private final Descriptions descriptions;

	DescriptionsTests(TestDatabase kind) {
		this.node = new TestNode(kind.create(), Duration.ofSeconds(15));
		get(this.node.register());
		this.descriptions = new Descriptions(this.node.database, this.node.agents,
				new DescriptionWriter(this.node.database, new LabelMetrics(this.node.meters), 10_000, Chance.SYSTEM));
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	private static AgentId agent(String id) {
		return new AgentId("acme", id);
	}

	private Claim claimed(String agent) {
		return claimed(agent(agent));
	}

	private Claim claimed(AgentId agent) {
		Claim claim = new Claim(agent, TestIds.connection(), this.node.clock.nextEpoch(), Instant.EPOCH, null);
		assertThat(get(this.node.agents.claim(claim))).isTrue();
		return claim;
	}

	private static AgentDescription description(Map<String, String> labels) {
		return AgentDescription.of(new Frame.Hello(labels, "1.2"));
	}

	private void store(Claim claim, Map<String, String> labels) {
		this.descriptions
			.store(new DescriptionWrite(claim.agent(), claim.connection(), description(labels), () -> true));
	}

	private void stored(Claim claim, Map<String, String> labels) {
		double before = writes();
		store(claim, labels);
		await().until(() -> writes() == before + 1);
	}

	private double writes() {
		return counted("stored") + counted("unchanged");
	}

	private double counted(String outcome) {
		return this.node.meters.counter("switchboard.descriptions", "outcome", outcome).count();
	}

	private List<String> select(String selector) {
		return select(selector, null, 1000, null).agents().stream().map(AgentId::agent).toList();
	}

	private AgentPage<AgentId> select(String selector, @Nullable Boolean online, int limit, @Nullable String after) {
		return get(this.descriptions.select("acme", Selector.parse(selector), online, limit, after, LIMIT));
	}

	private Map<AgentId, AgentDescription> found(String... agents) {
		return get(this.descriptions.find(List.of(agents).stream().map(DescriptionsTests::agent).toList(), LIMIT));
	}

	@Test
	void shouldFindWhatAnAgentSaysAboutItself() {
		Map<String, String> labels = Map.of("env", "prod", "site", "Zürich \ud83d\ude00 \"HB\"", "empty", "");
		stored(claimed("a"), labels);
		claimed("b");
		assertThat(found("a", "b", "c")).containsExactly(Map.entry(agent("a"), description(labels)));
		assertThat(description(labels).labels()).isEqualTo(labels);
		assertThat(description(labels).agentVersion()).isEqualTo("1.2");
		assertThat(select("site=\"Zürich \ud83d\ude00 \\\"HB\\\"\",empty=")).containsExactly("a");
	}

	/** Values compare byte by byte, whatever the database's collation. */
	@Test
	void shouldTellValuesApartThatDifferInCaseOrSpace() {
		stored(claimed("a"), Map.of("env", "prod", "Env", "x"));
		assertThat(select("env=prod")).containsExactly("a");
		assertThat(select("env=Prod")).isEmpty();
		assertThat(select("env=\"prod \"")).isEmpty();
		assertThat(select("ENV")).isEmpty();
		assertThat(select("Env")).containsExactly("a");
	}

	/** fleetdm/fleet 305: a label that an agent no longer has selects it no longer. */
	@Test
	void shouldForgetTheLabelsOfAnEarlierDescription() {
		stored(claimed("a"), Map.of("os", "windows", "desk", "7"));
		Claim again = claimed("a");
		stored(again, Map.of("os", "linux"));
		assertThat(select("os=windows")).isEmpty();
		assertThat(select("desk")).isEmpty();
		assertThat(select("os in (windows,linux)")).containsExactly("a");
		stored(again, Map.of());
		assertThat(select("os")).isEmpty();
		assertThat(select("!os")).containsExactly("a");
		await().untilAsserted(() -> assertThat(this.node.count("agent_labels")).isZero());
		await().untilAsserted(() -> assertThat(this.node.count("descriptions")).isEqualTo(1));
	}

	@Test
	void shouldKeepLabelsOfAnAgentThatReturnsWithoutADescription() {
		Claim first = claimed("a");
		stored(first, Map.of("env", "prod"));
		this.node.agents.release(first, Instant.EPOCH, null).block(LIMIT);
		assertThat(select("env=prod", false, 10, null).agents()).containsExactly(agent("a"));
		assertThat(select("env=prod", true, 10, null).agents()).isEmpty();
		claimed("a");
		assertThat(select("env=prod", true, 10, null).agents()).containsExactly(agent("a"));
	}

	@Test
	void shouldWriteNothingWhenAStormOfAgentsReturnsWithTheLabelsThatTheyHad() {
		List<String> agents = IntStream.range(0, 300).mapToObj((i) -> "a" + i).toList();
		agents.forEach((agent) -> store(claimed(agent), Map.of("env", "prod", "host", agent)));
		await().until(() -> counted("stored") == 300);
		agents.forEach((agent) -> store(claimed(agent), Map.of("host", agent, "env", "prod")));
		await().until(() -> counted("unchanged") == 300);
		assertThat(counted("stored")).isEqualTo(300);
		assertThat(this.node.count("agent_labels")).isEqualTo(600);
	}

	/** The older connection was on a node that was paused. */
	@Test
	void shouldNotLetAnOlderConnectionUndoTheLabelsOfANewerOne() {
		Claim older = claimed("a");
		Claim newer = claimed("a");
		stored(newer, Map.of("env", "prod"));
		stored(older, Map.of("env", "test"));
		assertThat(select("env=prod")).containsExactly("a");
		assertThat(select("env=test")).isEmpty();
		assertThat(counted("unchanged")).isEqualTo(1);
	}

	@Test
	void shouldStoreTheLastOfManyDescriptionsOfAConnection() {
		Claim claim = claimed("a");
		for (int i = 1; i <= 20; i++) {
			store(claim, Map.of("n", Integer.toString(i)));
		}
		await().until(() -> select("n=20").equals(List.of("a")));
		await().until(() -> writes() == 20);
		assertThat(select("n")).containsExactly("a");
		await().untilAsserted(() -> assertThat(this.node.count("agent_labels")).isEqualTo(1));
	}

	@Test
	void shouldNotStoreTheDescriptionOfAConnectionThatHasEnded() {
		Claim claim = claimed("a");
		this.descriptions.store(new DescriptionWrite(claim.agent(), claim.connection(),
				description(Map.of("env", "prod")), () -> false));
		stored(claimed("b"), Map.of("env", "prod"));
		assertThat(select("env=prod")).containsExactly("b");
	}

	@Test
	void shouldNotShowAnotherTenantsAgents() {
		store(claimed(new AgentId("other", "x")), Map.of("env", "prod"));
		await().until(() -> counted("stored") == 1);
		assertThat(select("env=prod")).isEmpty();
		assertThat(select("env in (prod,test)")).isEmpty();
		assertThat(select("!canary")).isEmpty();
	}

	@Test
	void shouldForgetTheDescriptionsOfAgentsThatAreForgotten() {
		Instant now = this.node.clock.now();
		for (String agent : List.of("old", "recent", "held")) {
			Claim claim = claimed(agent);
			stored(claim, Map.of("env", "prod"));
			if (!agent.equals("held")) {
				Instant seen = agent.equals("old") ? now.minus(RETENTION) : now;
				this.node.agents.release(claim, seen, null).block(LIMIT);
			}
		}
		UnseenDescriptions deletion = new UnseenDescriptions(RETENTION);
		assertThat(deleted(deletion)).isOne();
		assertThat(deleted(deletion)).isZero();
		assertThat(select("env=prod")).containsExactly("held", "recent");
		assertThat(this.node.count("agent_labels")).isEqualTo(2);
		assertThat(this.node.count("descriptions")).isEqualTo(2);
	}

	private long deleted(UnseenDescriptions deletion) {
		return get(this.node.database.upkeep("retention", (connection) -> deletion.run(connection, 10)));
	}

	/** Draws agents and selectors, and compares each page with the rules of selectors. */
	@Test
	void shouldSelectAsTheRulesOfSelectorsSay() {
		SplittableRandom random = new SplittableRandom(1);
		TreeMap<String, Map<String, String>> agents = new TreeMap<>();
		for (int i = 0; i < 60; i++) {
			Map<String, String> labels = new HashMap<>();
			for (String name : List.of("a", "b", "c")) {
				if (random.nextInt(3) > 0) {
					labels.put(name, Integer.toString(random.nextInt(3)));
				}
			}
			agents.put("agent-" + random.nextInt(1000), labels);
		}
		agents.forEach((agent, labels) -> store(claimed(agent), labels));
		await().until(() -> writes() == agents.size());
		for (int i = 0; i < 60; i++) {
			String selector = selector(random);
			List<String> expected = agents.entrySet()
				.stream()
				.filter((agent) -> isSelected(Selector.parse(selector), agent.getValue()))
				.map(Map.Entry::getKey)
				.toList();
			assertThat(pages(selector, 1 + random.nextInt(20))).as(selector).isEqualTo(expected);
		}
	}

	private static String selector(SplittableRandom random) {
		return IntStream.range(0, 1 + random.nextInt(3)).mapToObj((_) -> {
			String name = List.of("a", "b", "c").get(random.nextInt(3));
			return switch (random.nextInt(6)) {
				case 0 -> name;
				case 1 -> "!" + name;
				case 2 -> name + "!=" + random.nextInt(3);
				case 3 -> name + " in (" + random.nextInt(3) + "," + random.nextInt(3) + ")";
				case 4 -> name + " notin (" + random.nextInt(3) + "," + random.nextInt(4) + ")";
				default -> name + "=" + random.nextInt(3);
			};
		}).collect(Collectors.joining(","));
	}

	private static boolean isSelected(Selector selector, Map<String, String> labels) {
		return selector.requirements().stream().allMatch((requirement) -> {
			String value = labels.get(requirement.name());
			boolean meets = value != null && (requirement.values().isEmpty() || requirement.values().contains(value));
			return meets != requirement.negated();
		});
	}

	private List<String> pages(String selector, int limit) {
		List<String> agents = new ArrayList<>();
		String after = null;
		do {
			AgentPage<AgentId> page = select(selector, null, limit, after);
			assertThat(page.agents()).hasSizeLessThanOrEqualTo(limit);
			page.agents().forEach((agent) -> agents.add(agent.agent()));
			after = page.next();
		}
		while (after != null);
		return agents;
	}

}
