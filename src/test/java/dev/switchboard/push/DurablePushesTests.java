package dev.switchboard.push;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.switchboard.database.Sha256;
import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static dev.switchboard.push.TestPushes.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class DurablePushesTests {

	private final TestDatabase kind;

	private final TestPushes test;

	DurablePushesTests(TestDatabase kind) {
		this.kind = kind;
		this.test = new TestPushes(kind.create(), 20, 30);
	}

	@AfterEach
	void close() {
		this.test.close();
	}

	private static DurablePush keyed(AgentId agent, String key, String caller, String body) {
		return push(agent, "1").keyed(new DurablePush.Key(key, caller, Sha256.of(Sql.bytes(body))));
	}

	private static ProblemException problem(Mono<?> result) {
		try {
			result.block(LIMIT);
		}
		catch (ProblemException ex) {
			return ex;
		}
		throw new AssertionError("no problem");
	}

	@Test
	void shouldKeepPushesInTheOrderInWhichTheyWereStored() {
		AgentId agent = this.test.known("a");
		List<CallId> ids = this.test.storedAll(agent, 20);
		assertThat(this.test.waiting(agent)).isEqualTo(IntStream.range(0, 20).mapToObj(Integer::toString).toList());
		StoredPush first = this.test.find(ids.getFirst());
		assertThat(first.agent()).isEqualTo(agent);
		assertThat(first.method()).isEqualTo("m");
		assertThat(first.outcome()).isEqualTo(PushOutcome.QUEUED);
		assertThat(first.endedAt()).isNull();
		assertThat(first.queuedAt()).isBeforeOrEqualTo(this.test.find(ids.getLast()).queuedAt());
	}

	@Test
	void shouldListWhatWaitsInPages() {
		AgentId agent = this.test.known("a");
		List<CallId> ids = this.test.storedAll(agent, 5);
		get(this.test.pushes.cancel("acme", ids.get(1)));
		List<CallId> listed = new ArrayList<>();
		Long after = 0L;
		do {
			PushPage page = get(this.test.pushes.waiting(agent, after, 2));
			assertThat(page.pushes()).hasSize(2);
			page.pushes().forEach((push) -> listed.add(push.id()));
			after = page.next();
		}
		while (after != null);
		assertThat(listed).containsExactly(ids.get(0), ids.get(2), ids.get(3), ids.get(4));
	}

	@Test
	void shouldRefusePushesToAnAgentThatWasNeverSeen() {
		AgentId agent = new AgentId("acme", "never");
		assertThat(problem(this.test.pushes.store(push(agent, "1"))).problem()).isEqualTo(Problem.AGENT_UNKNOWN);
		assertThat(problem(this.test.pushes.waiting(agent, 0, 10)).problem()).isEqualTo(Problem.AGENT_UNKNOWN);
		assertThat(get(this.test.pushes.waiting(this.test.known("seen"), 0, 10)).pushes()).isEmpty();
	}

	@Test
	void shouldFindAPushInItsTenantOnly() {
		CallId id = this.test.stored(push(this.test.known("a"), "1"));
		assertThat(problem(this.test.pushes.find("other", id)).problem()).isEqualTo(Problem.PUSH_UNKNOWN);
		assertThat(problem(this.test.pushes.cancel("other", id)).problem()).isEqualTo(Problem.PUSH_UNKNOWN);
		assertThat(problem(this.test.pushes.find("acme", TestIds.call())).problem()).isEqualTo(Problem.PUSH_UNKNOWN);
	}

	@Test
	void shouldLimitWhatWaitsForAnAgentEvenForCallersAtOnce() {
		AgentId agent = this.test.known("a");
		List<Boolean> stored = Flux.range(0, 28)
			.flatMap((i) -> this.test.pushes.store(push(agent, "" + i))
				.map((_) -> true)
				.onErrorResume(ProblemException.class, (ex) -> {
					assertThat(ex.problem()).isEqualTo(Problem.TOO_MANY_REQUESTS);
					assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT);
					assertThat(ex.detail()).isEqualTo("20 pushes wait for the agent, as many as may wait for one");
					return Mono.just(false);
				}), 28)
			.collectList()
			.block(LIMIT);
		assertThat(stored).filteredOn((each) -> each).hasSize(20);
		assertThat(this.test.waiting(agent)).hasSize(20);
		assertThat(this.test.count("switchboard.pushes.refused", "limit", "agent")).isEqualTo(8);
	}

	@Test
	void shouldLimitWhatWaitsForATenant() {
		this.test.storedAll(this.test.known("a"), 20);
		AgentId other = this.test.known("b");
		this.test.storedAll(other, 10);
		assertThat(problem(this.test.pushes.store(push(other, "1"))).detail()).isEqualTo(
				"As many pushes wait for the tenant's agents as may wait for one tenant: 30 (its quota durablePushes)");
		assertThat(this.test.count("switchboard.pushes.refused", "limit", "tenant")).isOne();
		assertThat(this.test.waiting(other)).hasSize(10);
	}

	/** eclipse-mosquitto/mosquitto 2609: what has expired takes no place. */
	@Test
	void shouldNotCountWhatHasExpired() {
		AgentId agent = this.test.known("a");
		for (int i = 0; i < 20; i++) {
			this.test.stored(push(agent, "1", Duration.ofMinutes(1), null));
		}
		assertThat(problem(this.test.pushes.store(push(agent, "1"))).problem()).isEqualTo(Problem.TOO_MANY_REQUESTS);
		this.test.age(Duration.ofMinutes(1));
		this.test.stored(push(agent, "2"));
		assertThat(this.test.waiting(agent)).containsExactly("2");
	}

	/** emqx/emqx 14462. */
	@Test
	void shouldExpireByTheDatabasesClockBeforeTheSweepComes() {
		AgentId agent = this.test.known("a");
		CallId id = this.test.stored(push(agent, "1", Duration.ofMinutes(1), null));
		this.test.age(Duration.ofMinutes(1));
		StoredPush expired = this.test.find(id);
		assertThat(expired.outcome()).isEqualTo(PushOutcome.EXPIRED);
		assertThat(expired.endedAt()).isEqualTo(expired.queuedAt().plusSeconds(60));
		assertThat(this.test.waiting(agent)).isEmpty();
		assertThat(get(this.test.pushes.cancel("acme", id)).outcome()).isEqualTo(PushOutcome.EXPIRED);
		assertThat(this.test.expire()).isOne();
		assertThat(this.test.expire()).isZero();
		assertThat(this.test.find(id)).isEqualTo(expired);
		assertThat(this.test.count("switchboard.pushes.durable", "event", "expired")).isOne();
	}

	@Test
	void shouldSendAnEventOfAnExpiredPushBeforeItHasItsOutcome() {
		AgentId agent = this.test.known("a");
		CallId id = this.test.stored(push(agent, "1", Duration.ofMinutes(1), null));
		this.test.age(Duration.ofMinutes(1));
		this.test.logTakesEvents = false;
		assertThat(this.test.expire()).isZero();
		this.test.logTakesEvents = true;
		assertThat(this.test.expire()).isOne();
		this.test.expire();
		StoredPush expired = this.test.find(id);
		assertThat(this.test.events).singleElement().satisfies((event) -> {
			assertThat(event.agent()).isEqualTo(agent);
			assertThat(event.type()).isEqualTo("switchboard.push.expired");
			assertThat(event.id()).isEqualTo("expired:" + id);
			assertThat(event.time()).isEqualTo(expired.endedAt());
			assertThat(event.data().text()).isEqualTo(
					"{\"id\":\"%s\",\"method\":\"%s\",\"queuedAt\":\"%s\",\"expiredAt\":\"%s\"}", id, expired.method(),
					expired.queuedAt(), expired.endedAt());
		});
	}

	@Test
	void shouldForgetAPushADayAfterItsEnd() {
		AgentId agent = this.test.known("a");
		CallId cancelled = this.test.stored(push(agent, "1"));
		CallId expired = this.test.stored(push(agent, "2", Duration.ofHours(1), null));
		get(this.test.pushes.cancel("acme", cancelled));
		this.test.age(Duration.ofHours(24));
		assertThat(problem(this.test.pushes.find("acme", cancelled)).problem()).isEqualTo(Problem.PUSH_UNKNOWN);
		assertThat(this.test.find(expired).outcome()).isEqualTo(PushOutcome.EXPIRED);
		assertThat(this.test.removeEnded()).isOne();
		this.test.age(Duration.ofHours(1));
		assertThat(problem(this.test.pushes.find("acme", expired)).problem()).isEqualTo(Problem.PUSH_UNKNOWN);
		this.test.expire();
		assertThat(this.test.removeEnded()).isOne();
		assertThat(this.test.node.count("pushes")).isZero();
	}

	@Test
	void shouldCancelAPushThatWaitsAndNoOther() {
		AgentId agent = this.test.known("a");
		CallId id = this.test.stored(push(agent, "1"));
		StoredPush cancelled = get(this.test.pushes.cancel("acme", id));
		assertThat(cancelled.outcome()).isEqualTo(PushOutcome.CANCELLED);
		assertThat(cancelled.endedAt()).isNotNull();
		assertThat(get(this.test.pushes.cancel("acme", id))).isEqualTo(cancelled);
		assertThat(this.test.waiting(agent)).isEmpty();
		assertThat(this.test.count("switchboard.pushes.durable", "event", "cancelled")).isOne();
	}

	/** phonegap/phonegap-plugin-push 1170: however soon the second one comes. */
	@Test
	void shouldReplaceWaitingPushesThatHaveTheSameCollapseKey() {
		AgentId agent = this.test.known("a");
		AgentId other = this.test.known("b");
		List<CallId> ids = Objects.requireNonNull(Flux.range(0, 10)
			.flatMap((i) -> this.test.pushes.store(push(agent, "" + i, Duration.ofDays(1), "state")), 10)
			.collectList()
			.block(LIMIT));
		this.test.stored(push(agent, "\"kept\""));
		this.test.stored(push(agent, "\"key\"", Duration.ofDays(1), "State"));
		this.test.stored(push(other, "\"agent\"", Duration.ofDays(1), "state"));
		assertThat(this.test.waiting(agent)).hasSize(3).endsWith("\"kept\"", "\"key\"");
		assertThat(this.test.waiting(other)).hasSize(1);
		assertThat(ids).filteredOn((id) -> this.test.find(id).outcome() == PushOutcome.REPLACED).hasSize(9);
		assertThat(this.test.count("switchboard.pushes.durable", "event", "replaced")).isEqualTo(9);
	}

	@Test
	void shouldTakeAPushThatReplacesOneAtTheLimit() {
		AgentId agent = this.test.known("a");
		this.test.stored(push(agent, "\"old\"", Duration.ofDays(1), "state"));
		this.test.storedAll(agent, 19);
		this.test.stored(push(agent, "\"new\"", Duration.ofDays(1), "state"));
		assertThat(this.test.waiting(agent)).hasSize(20).startsWith("0").endsWith("\"new\"");
	}

	@Test
	void shouldStoreOnePushForTheSameKeyAndBody() {
		AgentId agent = this.test.known("a");
		List<CallId> ids = Flux.range(0, 10)
			.flatMap((_) -> this.test.pushes.store(keyed(agent, "k", "caller", "body")), 10)
			.collectList()
			.block(LIMIT);
		assertThat(ids).hasSize(10).containsOnly(Objects.requireNonNull(ids).getFirst());
		assertThat(this.test.waiting(agent)).hasSize(1);
		assertThat(this.test.stored(keyed(agent, "k", "other", "body"))).isNotIn(ids);
		assertThat(this.test.stored(keyed(this.test.known("b"), "k", "caller", "body"))).isNotIn(ids);
	}

	@Test
	void shouldRefuseTheSameKeyWithAnotherBody() {
		AgentId agent = this.test.known("a");
		CallId id = this.test.stored(keyed(agent, "k", "caller", "body"));
		assertThat(problem(this.test.pushes.store(keyed(agent, "k", "caller", "Body"))).problem())
			.isEqualTo(Problem.IDEMPOTENCY_MISMATCH);
		this.test.storedAll(agent, 19);
		assertThat(this.test.stored(keyed(agent, "k", "caller", "body"))).as("at the limit").isEqualTo(id);
	}

	@Test
	void shouldStoreOnePushWhenTwoNodesGetTheSameKeyAtOnce() {
		var database = this.kind.create();
		try (TestPushes one = new TestPushes(database, 100, 1000);
				TestPushes two = new TestPushes(database, 100, 1000)) {
			AgentId agent = one.known("a");
			for (int i = 0; i < 30; i++) {
				DurablePush first = keyed(agent, "k" + i, "caller", "body");
				DurablePush second = keyed(agent, "k" + i, "caller", "body");
				var both = get(Mono.zip(one.pushes.store(first), two.pushes.store(second)));
				assertThat(both.getT1()).isEqualTo(both.getT2());
			}
			assertThat(one.waiting(agent)).hasSize(30);
		}
	}

	@Test
	void shouldSayThatNothingIsStoredWhenTheDirectoryIsGone() {
		AgentId agent = this.test.known("a");
		this.test.node.database.destroy();
		await().untilAsserted(() -> assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> this.test.pushes.store(push(agent, "1")).block(LIMIT))
			.satisfies((ex) -> assertThat(ex.problem()).isEqualTo(Problem.UNAVAILABLE))
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT)));
	}

	@Test
	void shouldStorePayloadsOfAnySizeAndText() {
		AgentId agent = this.test.known("a");
		String large = "\"" + "\u0436 \ud83d\ude00".repeat(30_000) + "\"";
		List<String> payloads = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			payloads.add((i % 2 == 0) ? large : " {\"a\": 1}".strip());
		}
		get(Flux.fromIterable(payloads)
			.flatMapSequential((each) -> this.test.pushes.store(push(agent, each)), 12)
			.collectList());
		assertThat(this.test.waiting(agent)).containsExactlyElementsOf(payloads);
	}

}
