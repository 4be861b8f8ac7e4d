package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.switchboard.database.TestDatabase;
import dev.switchboard.database.Sql;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class AgentDirectoryTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678901Z");

	private final TestNode node;

	AgentDirectoryTests(TestDatabase kind) {
		this.node = new TestNode(kind.create(), Duration.ofSeconds(15));
		get(this.node.register());
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	private static Claim claim(String agent, long epoch) {
		return claim(new AgentId("acme", agent), epoch);
	}

	private static Claim claim(AgentId agent, long epoch) {
		return new Claim(agent, TestIds.connection(), epoch, THEN, "192.0.2.1");
	}

	private boolean stored(Claim claim) {
		return get(this.node.agents.claim(claim));
	}

	private void released(Claim claim) {
		this.node.agents.release(claim, THEN.plusSeconds(1), null).block(LIMIT);
	}

	private AgentRecord located(AgentId agent) {
		return get(this.node.agents.locate(agent, LIMIT));
	}

	@Test
	void shouldNotKnowAnAgentThatWasNeverSeen() {
		assertThat(this.node.agents.locate(AGENT, LIMIT).block()).isNull();
	}

	@Test
	void shouldRememberHowTheLastConnectionEndedThatIsKnown() {
		Claim first = claim(AGENT, 10);
		stored(first);
		assertThat(located(AGENT).lastClose()).isNull();
		LastClose close = new LastClose(4001, "\u0436 \ud83d\ude00", THEN.plusSeconds(1));
		this.node.agents.release(first, THEN, close).block(LIMIT);
		assertThat(located(AGENT).lastClose()).isEqualTo(close);
		Claim second = claim(AGENT, 20);
		stored(second);
		this.node.agents.release(first, THEN, new LastClose(1001, "late", THEN)).block(LIMIT);
		released(second);
		assertThat(located(AGENT).lastClose()).isEqualTo(close);
	}

	@Test
	void shouldTellWhereAClaimKeyIs() {
		Claim claim = claim(AGENT, 10);
		assertThat(stored(claim)).isTrue();
		AgentRecord agent = located(AGENT);
		assertThat(agent.online()).isTrue();
		assertThat(agent.node()).isNotNull().extracting(NodeRecord::id).isEqualTo(this.node.id);
		assertThat(agent.claim().connection()).isEqualTo(claim.connection());
		assertThat(agent.epoch()).isEqualTo(10);
		assertThat(agent.claim().connectedAt()).isEqualTo(THEN);
		assertThat(agent.claim().remoteAddress()).isEqualTo("192.0.2.1");
	}

	@Test
	void shouldStoreAClaimOverALowerEpochOnly() {
		Claim newer = claim(AGENT, 20);
		assertThat(stored(claim(AGENT, 10))).isTrue();
		assertThat(stored(newer)).isTrue();
		assertThat(stored(claim(AGENT, 15))).isFalse();
		assertThat(located(AGENT).claim().connection()).isEqualTo(newer.connection());
	}

	@Test
	void shouldTakeAClaimThatIsStoredAlready() {
		Claim claim = claim(AGENT, 10);
		assertThat(stored(claim)).isTrue();
		assertThat(stored(claim)).isTrue();
	}

	@Test
	void shouldKeepTheFirstOfTwoClaimsOfOneEpoch() {
		Claim first = claim(AGENT, 10);
		Claim second = claim(AGENT, 10);
		assertThat(stored(first)).isTrue();
		assertThat(stored(second)).isFalse();
		released(second);
		assertThat(located(AGENT).online()).isTrue();
		assertThat(located(AGENT).claim().connection()).isEqualTo(first.connection());
	}

	@Test
	void shouldKeepAReleasedAgentKnown() {
		Claim claim = claim(AGENT, 10);
		stored(claim);
		released(claim);
		AgentRecord agent = located(AGENT);
		assertThat(agent.online()).isFalse();
		assertThat(agent.lastSeen()).isEqualTo(THEN.plusSeconds(1));
		assertThat(agent.epoch()).isEqualTo(10);
	}

	@Test
	void shouldNotUndoANewerClaimByALateRelease() {
		Claim older = claim(AGENT, 10);
		stored(older);
		stored(claim(AGENT, 20));
		released(older);
		assertThat(located(AGENT).online()).isTrue();
		assertThat(located(AGENT).epoch()).isEqualTo(20);
	}

	@Test
	void shouldKnowAnAgentWhoseClaimWasNeverStored() {
		released(claim(AGENT, 10));
		assertThat(located(AGENT).online()).isFalse();
	}

	@Test
	void shouldTellIdsApartByCase() {
		stored(claim("laptop", 10));
		stored(claim("Laptop", 20));
		stored(claim(new AgentId("ACME", "laptop"), 30));
		assertThat(located(AGENT).epoch()).isEqualTo(10);
		assertThat(located(new AgentId("acme", "Laptop")).epoch()).isEqualTo(20);
		assertThat(located(new AgentId("ACME", "laptop")).epoch()).isEqualTo(30);
	}

	@Test
	void shouldLookManyUpTogether() {
		int agents = 700;
		get(Flux.range(0, agents).flatMap((i) -> this.node.agents.claim(claim("a" + i, 1 + i)), agents).collectList());
		List<AgentRecord> found = get(Flux.range(0, agents)
			.flatMap((i) -> this.node.agents.locate(new AgentId("acme", "a" + i), LIMIT), agents)
			.collectList());
		assertThat(found).extracting(AgentRecord::epoch)
			.containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, agents).boxed().toList());
		assertThat(this.node.statements("locate")).isLessThan(agents);
	}

	@Test
	void shouldKeepWhereAnAgentConnectedFrom() {
		Claim claim = new Claim(AGENT, TestIds.connection(), 10, THEN, "[2001:db8::1]:50123");
		stored(claim);
		assertThat(located(AGENT).claim().remoteAddress()).isEqualTo("[2001:db8::1]:50123");
	}

	@Test
	void shouldListItsClaimsByEpoch() {
		List<Long> epochs = List.of(30L, 10L, 40L, 20L);
		epochs.forEach((epoch) -> stored(connectedAt("a" + epoch, epoch)));
		Claim gone = connectedAt("gone", 15);
		stored(gone);
		released(gone);
		long before = 40;
		List<ClaimKey> first = get(this.node.agents.claimsOfThisNode(null, before, 2));
		assertThat(first).extracting(ClaimKey::epoch).containsExactly(10L, 20L);
		assertThat(get(this.node.agents.claimsOfThisNode(first.getLast(), before, 2)))
			.containsExactly(new ClaimKey(new AgentId("acme", "a30"), 30));
	}

	private static Claim connectedAt(String agent, long epoch) {
		return new Claim(new AgentId("acme", agent), TestIds.connection(), epoch, Sql.instant(epoch), null);
	}

	@Test
	void shouldPassOverNoClaimWherePagesMeet() {
		List.of("a", "b", "c").forEach((agent) -> stored(claim(agent, 1)));
		long before = 2;
		List<AgentId> listed = new ArrayList<>();
		List<ClaimKey> page = get(this.node.agents.claimsOfThisNode(null, before, 1));
		while (!page.isEmpty()) {
			listed.add(page.getFirst().agent());
			page = get(this.node.agents.claimsOfThisNode(page.getFirst(), before, 1));
		}
		assertThat(listed).extracting(AgentId::agent).containsExactly("a", "b", "c");
	}

	@Test
	void shouldTellOfAnAgentThatIsAliveWhenItIsSupersededAgainAndAgain() {
		stored(claim(AGENT, 1));
		for (int turn = 1; turn <= 4; turn++) {
			stored(claim(AGENT, turn + 1));
			assertThat(this.node.flapping.contains(AGENT)).isEqualTo(turn > 3);
			this.node.streaks.extend(AGENT, turn);
			int count = turn;
			await().until(() -> located(AGENT).streak().count() == count);
		}
		await().until(() -> this.node.meters.counter("switchboard.agents.flapping").count() == 2);
		SupersedeStreak streak = located(AGENT).streak();
		assertThat(streak.isFlapping(streak.last().plusSeconds(599))).isTrue();
		assertThat(streak.isFlapping(streak.last().plusSeconds(600))).isFalse();
	}

	@Test
	void shouldTellTheNodeThatGetsAnAgentThatItFlaps() {
		stored(claim(AGENT, 1));
		stored(claim(AGENT, 2));
		for (int count = 1; count <= 3; count++) {
			assertThat(get(extended(1)).count()).isEqualTo(count);
		}
		assertThat(this.node.flapping.contains(AGENT)).isFalse();
		stored(claim(AGENT, 3));
		await().until(() -> this.node.flapping.contains(AGENT));
	}

	@Test
	void shouldBeginAnewAfterAWhile() {
		stored(claim(AGENT, 2));
		get(extended(1));
		assertThat(get(extended(1)).count()).isEqualTo(2);
		get(this.node.database.upkeep("list", (connection) -> Sql.update(connection,
				"UPDATE agents SET superseded_at = superseded_at - " + SupersedeStreak.MEMORY.toNanos() / 1000)));
		assertThat(get(extended(1)).count()).isEqualTo(1);
	}

	/**
	 * The number of addresses from which the agent's connections come must not matter.
	 */
	@Test
	void shouldNotTakeAnAgentThatReconnectsForTwo() {
		for (int turn = 1; turn <= 9; turn++) {
			stored(new Claim(AGENT, TestIds.connection(), turn, THEN, "192.0.2." + turn + ":50000"));
		}
		assertThat(located(AGENT).streak().count()).isZero();
	}

	@Test
	void shouldNotCountForAConnectionThatIsStillTheNewest() {
		stored(claim(AGENT, 1));
		assertThat(extended(1).block(LIMIT)).isNull();
	}

	private Mono<SupersedeStreak> extended(long epoch) {
		return this.node.database.upkeep("list", (connection) -> SupersedeStreak.extend(connection, AGENT, epoch));
	}

	@Test
	void shouldListPagesInTheOrderOfBytes() {
		List.of("b", "a", "B", "_", "a1").forEach((agent) -> stored(claim(agent, 1)));
		stored(claim(new AgentId("other", "a2"), 1));
		AgentPage<AgentRecord> first = page(null, 3, null);
		assertThat(ids(first)).containsExactly("B", "_", "a");
		AgentPage<AgentRecord> second = page(null, 3, first.next());
		assertThat(ids(second)).containsExactly("a1", "b");
		assertThat(second.next()).isNull();
	}

	@Test
	void shouldEndOnAFullPage() {
		List.of("a", "b").forEach((agent) -> stored(claim(agent, 1)));
		assertThat(page(null, 2, null).next()).isNull();
	}

	@Test
	void shouldListByPresence() {
		Claim gone = claim("gone", 1);
		stored(gone);
		stored(claim("here", 1));
		released(gone);
		assertThat(ids(page(true, 10, null))).containsExactly("here");
		assertThat(ids(page(false, 10, null))).containsExactly("gone");
	}

	@Test
	void shouldNotShowAnAgentOfADeadNodeAsOnline() {
		stored(claim(AGENT, 1));
		get(this.node.database.upkeep("expire",
				(connection) -> Sql.update(connection, "UPDATE nodes SET state = " + NodeState.DEAD.stored())));
		assertThat(located(AGENT).online()).isFalse();
		assertThat(page(true, 10, null).agents()).isEmpty();
		assertThat(page(null, 10, null).agents()).singleElement().extracting(AgentRecord::online).isEqualTo(false);
	}

	@Test
	void shouldSendWhatQueuedMeanwhileInOneStatement() {
		int agents = 2500;
		List<Boolean> won = get(
				Flux.range(0, agents).flatMap((i) -> this.node.agents.claim(claim("a" + i, 1)), agents).collectList());
		assertThat(won).hasSize(agents).containsOnly(true);
		assertThat(this.node.statements("write")).isBetween(3.0, 10.0);
	}

	@Test
	void shouldKeepTheOrderOfOneAgentsWrites() {
		Flux.merge(IntStream.rangeClosed(1, 200).mapToObj(this::claimAndRelease).toList()).blockLast(LIMIT);
		AgentRecord agent = located(AGENT);
		assertThat(agent.epoch()).isEqualTo(200);
		assertThat(agent.online()).isFalse();
	}

	private Mono<Void> claimAndRelease(int epoch) {
		Claim claim = claim(AGENT, epoch);
		return Mono.when(this.node.agents.claim(claim), this.node.agents.release(claim, THEN, null));
	}

	@Test
	void shouldReadItsOwnQueuedWrites() {
		Disposable writes = Flux.range(0, 3000)
			.flatMap((i) -> this.node.agents.claim(claim("a" + i, 1)), 3000)
			.subscribe();
		assertThat(located(new AgentId("acme", "a2999")).online()).isTrue();
		assertThat(page(true, 5000, null).agents()).hasSize(3000);
		writes.dispose();
	}

	private AgentPage<AgentRecord> page(@Nullable Boolean online, int limit, @Nullable String after) {
		return get(this.node.agents.list("acme", online, limit, after, LIMIT));
	}

	private static List<String> ids(AgentPage<AgentRecord> page) {
		return page.agents().stream().map((agent) -> agent.agent().agent()).toList();
	}

}
