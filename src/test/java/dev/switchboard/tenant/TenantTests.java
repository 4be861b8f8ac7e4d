package dev.switchboard.tenant;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.quota.KnownQuotas;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.Quotas;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class TenantTests {

	private static final AgentId AGENT = new AgentId("acme", "till-7");

	private static final int MOST = 3;

	private final ConnectionFactory connections;

	private final Party one;

	private final Party other;

	TenantTests(TestDatabase kind) {
		this.connections = kind.create();
		this.one = new Party();
		this.other = new Party();
	}

	@AfterEach
	void close() {
		this.one.node.close();
		this.other.node.close();
	}

	/** What one node knows; the test makes it read. */
	private final class Party {

		private final TestNode node = new TestNode(TenantTests.this.connections, Duration.ofSeconds(15));

		private final Admittance admittance = new Admittance();

		private final KnownQuotas quotas = new KnownQuotas(Quotas.of((_) -> 10));

		private final List<GatewayEvent> events = new CopyOnWriteArrayList<>();

		private final ChangeFeed feed;

		private final Revocations revocations;

		private final Tenants tenants;

		Party() {
			Knowledge knowledge = new Knowledge(this.admittance, this.quotas, new ConnectionRegistry());
			this.feed = new ChangeFeed(new ChangeReader(this.node.database, knowledge),
					new TenantMetrics(this.node.meters, this.admittance), Duration.ofSeconds(5), TimeSource.SYSTEM,
					Chance.SYSTEM);
			this.revocations = new Revocations(this.node.database, knowledge,
					(events) -> Mono.fromRunnable(() -> this.events.addAll(events)), MOST, this.node.clock::now);
			this.tenants = new Tenants(this.node.database, knowledge, MOST);
		}

		private void read() {
			this.feed.read().block(TestNode.LIMIT);
		}

		private boolean keepsOut(AgentId agent) {
			return this.admittance.refusal(agent) != null;
		}

		private void revoke(AgentId agent) {
			this.revocations.put(agent, "stolen", "ops").block(TestNode.LIMIT);
		}

		private void put(String tenant, boolean enabled, Map<Quota, Long> quotas) {
			this.tenants.put(new TenantSettings(tenant, enabled, quotas)).block(TestNode.LIMIT);
		}

	}

	private static void assertProblem(Mono<?> failing, Problem problem) {
		assertThatThrownBy(() -> failing.block(TestNode.LIMIT)).isInstanceOfSatisfying(ProblemException.class,
				(ex) -> assertThat(ex.problem()).isEqualTo(problem));
	}

	@Test
	void shouldKeepARevokedAgentOutAtOnceHereAndAfterAReadingElsewhere() {
		this.other.read();
		this.one.revoke(AGENT);
		assertThat(this.one.keepsOut(AGENT)).isTrue();
		assertThat(this.other.keepsOut(AGENT)).isFalse();
		this.other.read();
		assertThat(this.other.admittance.refusal(AGENT)).isNotNull()
			.satisfies((refusal) -> assertThat(refusal.problem()).isEqualTo(Problem.AGENT_REVOKED));
		assertThat(this.other.keepsOut(new AgentId("acme", "till-8"))).isFalse();
		assertThat(this.other.keepsOut(new AgentId("Acme", "till-7"))).isFalse();
	}

	@Test
	void shouldLetAnAgentInAgainWhenItsRevocationIsTakenBackAtAnotherNode() {
		this.one.revoke(AGENT);
		this.other.read();
		this.other.revocations.delete(AGENT).block(TestNode.LIMIT);
		assertThat(this.other.keepsOut(AGENT)).isFalse();
		this.one.read();
		assertThat(this.one.keepsOut(AGENT)).isFalse();
		assertProblem(this.one.revocations.find(AGENT), Problem.NOT_FOUND);
		this.one.revocations.delete(AGENT).block(TestNode.LIMIT);
	}

	@Test
	void shouldShowWhoRevokedAnAgentAndWhy() {
		this.one.revoke(AGENT);
		Revocation found = get(this.other.revocations.find(AGENT));
		assertThat(found.reason()).isEqualTo("stolen");
		assertThat(found.by()).isEqualTo("ops");
		this.other.revocations.put(AGENT, null, "späher").block(TestNode.LIMIT);
		Revocation replaced = get(this.one.revocations.find(AGENT));
		assertThat(replaced.reason()).isNull();
		assertThat(replaced.by()).isEqualTo("späher");
		assertThat(replaced.at()).isAfterOrEqualTo(found.at());
	}

	@Test
	void shouldSendAnEventOfEachRevocation() {
		this.one.revoke(AGENT);
		assertThat(this.one.events).singleElement().satisfies((event) -> {
			assertThat(event.type()).isEqualTo("switchboard.agent.revoked");
			assertThat(event.agent()).isEqualTo(AGENT);
			assertThat(new String(event.data().toBytes(), StandardCharsets.UTF_8)).contains("stolen");
		});
	}

	@Test
	void shouldMissNoChangeOfManyThatAreMadeAtOnce() {
		Party[] parties = { this.one, this.other };
		List<AgentId> agents = IntStream.range(0, MOST).mapToObj((i) -> new AgentId("acme", "a" + i)).toList();
		Flux.range(0, 60)
			.flatMap((i) -> (i % 2 == 0) ? parties[i % 4 / 2].revocations.put(agents.get(i % MOST), null, "ops")
					: parties[i % 4 / 2].revocations.delete(agents.get(i % MOST)), 6)
			.then()
			.block(TestNode.LIMIT);
		this.one.read();
		this.other.read();
		for (AgentId agent : agents) {
			boolean revoked = this.one.revocations.find(agent)
				.hasElement()
				.onErrorReturn(ProblemException.class, false)
				.blockOptional(TestNode.LIMIT)
				.orElseThrow();
			assertThat(this.one.keepsOut(agent)).as("%s at one", agent).isEqualTo(revoked);
			assertThat(this.other.keepsOut(agent)).as("%s at the other", agent).isEqualTo(revoked);
		}
	}

	@Test
	void shouldRefuseMoreRevocationsThanANodeRemembers() {
		IntStream.range(0, MOST).forEach((i) -> this.one.revoke(new AgentId("acme", "a" + i)));
		assertProblem(this.other.revocations.put(AGENT, null, "ops"), Problem.TOO_MANY_REQUESTS);
		assertThat(this.other.keepsOut(AGENT)).isFalse();
		this.other.revoke(new AgentId("acme", "a0"));
		this.one.revocations.delete(new AgentId("acme", "a1")).block(TestNode.LIMIT);
		this.other.revoke(AGENT);
	}

	@Test
	void shouldKeepOutTheAgentsOfADisabledTenant() {
		this.one.put("acme", false, Map.of());
		this.other.read();
		assertThat(this.other.admittance.refusal(AGENT)).isNotNull()
			.satisfies((refusal) -> assertThat(refusal.problem()).isEqualTo(Problem.TENANT_DISABLED));
		assertThat(this.other.keepsOut(new AgentId("other", "till-7"))).isFalse();
		this.other.put("acme", true, Map.of());
		this.one.read();
		assertThat(this.one.keepsOut(AGENT)).isFalse();
	}

	@Test
	void shouldKnowTheQuotasThatATenantHasOfItsOwn() {
		this.one.put("acme", true, Map.of(Quota.CONNECTIONS, 5L, Quota.DURABLE_PUSHES, 0L));
		this.other.read();
		assertThat(this.other.quotas.of("acme").of(Quota.CONNECTIONS)).isEqualTo(5);
		assertThat(this.other.quotas.of("acme").of(Quota.DURABLE_PUSHES)).isZero();
		assertThat(this.other.quotas.of("acme").of(Quota.CALLS_IN_FLIGHT)).isEqualTo(10);
		assertThat(get(this.other.tenants.find("acme")).quotas())
			.isEqualTo(Map.of(Quota.CONNECTIONS, 5L, Quota.DURABLE_PUSHES, 0L));
		this.other.put("acme", true, Map.of());
		this.one.read();
		assertThat(this.one.quotas.of("acme").of(Quota.CONNECTIONS)).isEqualTo(10);
	}

	@Test
	void shouldListTenantsThatHaveSettingsInTheOrderOfTheirNames() {
		this.one.put("b", false, Map.of());
		this.one.put("a", true, Map.of());
		this.one.put("B", true, Map.of());
		assertThat(get(this.other.tenants.list("", 10))).extracting(TenantSettings::tenant)
			.containsExactly("B", "a", "b");
		assertThat(get(this.other.tenants.list("B", 1))).extracting(TenantSettings::tenant).containsExactly("a");
		assertThat(get(this.other.tenants.list("b", 10))).isEmpty();
		assertProblem(this.one.tenants.put(TenantSettings.unset("c")), Problem.TOO_MANY_REQUESTS);
	}

	@Test
	void shouldForgetWhatTheDatabaseHasLost() {
		this.one.revoke(AGENT);
		this.one.put("off", false, Map.of(Quota.CONNECTIONS, 5L));
		this.other.read();
		get(this.one.node.database.upkeep("test",
				(connection) -> Sql.update(connection, "UPDATE tenant_changes SET made = made + 1, number = 0")
					.then(Sql.update(connection, "DELETE FROM revocations"))
					.then(Sql.update(connection, "DELETE FROM tenants"))));
		this.other.read();
		assertThat(this.other.keepsOut(AGENT)).isFalse();
		assertThat(this.other.keepsOut(new AgentId("off", "x"))).isFalse();
		assertThat(this.other.quotas.of("off").of(Quota.CONNECTIONS)).isEqualTo(10);
	}

	@Test
	void shouldTakeNoAgentsBeforeItKnowsWhoIsRevoked() {
		this.one.revoke(AGENT);
		assertThat(this.other.feed.isStarting()).isTrue();
		this.other.feed.start();
		await().atMost(TestNode.LIMIT).until(() -> !this.other.feed.isStarting() && this.other.keepsOut(AGENT));
		this.one.revoke(new AgentId("acme", "later"));
		await().atMost(TestNode.LIMIT).until(() -> this.other.keepsOut(new AgentId("acme", "later")));
		this.other.feed.stop();
	}

	@Test
	void shouldDeleteRowsOfOldRevocationsThatWereTakenBack() {
		this.one.revoke(AGENT);
		this.one.revoke(new AgentId("acme", "b"));
		this.one.revocations.delete(AGENT).block(TestNode.LIMIT);
		long week = RevocationTable.KEPT.toNanos() / 1000 + 1;
		get(this.one.node.database.upkeep("test",
				(connection) -> Sql.update(connection, "UPDATE revocations SET changed_at = changed_at - ?", week)
					.then(RevocationTable.removeOld(connection, 100))));
		assertThat(this.one.node.count("revocations")).isOne();
	}

}
