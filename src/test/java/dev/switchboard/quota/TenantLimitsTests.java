package dev.switchboard.quota;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TenantLimitsTests {

	private static final Duration STEP = Duration.ofMillis(10);

	private final ManualTime time = new ManualTime();

	private final KnownQuotas quotas = new KnownQuotas(Quotas.of((_) -> 1000));

	private final List<TenantLimits> nodes = IntStream.range(0, 3)
		.mapToObj((_) -> new TenantLimits(this.quotas, this.time))
		.toList();

	private TenantLimits node() {
		return this.nodes.getFirst();
	}

	/** Ends a period on the first so many nodes, which then know each other's uses. */
	private void exchange(int among) {
		List<NodeUse> uses = this.nodes.subList(0, among).stream().map(TenantLimits::endPeriod).toList();
		for (int i = 0; i < among; i++) {
			this.nodes.get(i).share(new ClusterUse(uses.subList(0, i), uses.subList(i + 1, among)));
		}
	}

	/** Runs a load for some seconds, and returns how many calls each node has let in. */
	private long[] load(int seconds, int... callsPerSecond) {
		long[] admitted = new long[3];
		double[] due = new double[3];
		for (int step = 0; step < seconds * 100; step++) {
			this.time.advance(STEP);
			for (int i = 0; i < 3; i++) {
				for (due[i] += callsPerSecond[i] / 100.0; due[i] >= 1; due[i]--) {
					if (this.nodes.get(i).tryTake(Quota.CALLS_PER_SECOND, "acme", 1)) {
						admitted[i]++;
					}
				}
			}
			if (step % 100 == 99) {
				exchange(3);
			}
		}
		return admitted;
	}

	@Test
	void shouldLetThroughWhatIsWithinTheQuota() {
		exchange(3);
		load(3, 300, 300, 300);
		assertThat(load(5, 300, 300, 300)).containsExactly(1500, 1500, 1500);
	}

	@Test
	void shouldHoldATenantAtTenTimesItsQuotaToItOnAllNodesTogether() {
		load(5, 9000, 900, 100);
		assertThat(Arrays.stream(load(10, 9000, 900, 100)).sum()).isBetween(9_000L, 11_000L);
	}

	/** cadence-workflow/cadence #5689: a load that is on one node only. */
	@Test
	void shouldGiveTheWholeQuotaToANodeThatHasTheWholeLoad() {
		load(5, 0, 2000, 0);
		assertThat(load(10, 0, 2000, 0)[1]).isBetween(9_500L, 10_500L);
	}

	/** The bound that the documents give for a load that moves: one period, one quota. */
	@Test
	void shouldBeAboveTheQuotaForAPeriodOnlyWhenALoadMoves() {
		load(5, 5000, 0, 0);
		assertThat(Arrays.stream(load(10, 0, 5000, 5000)).sum()).isBetween(9_000L, 12_000L);
	}

	/** Kong/kong #2127 and apache/pinot #2922: the number of nodes changes. */
	@Test
	void shouldDivideByTheNodesThatThereAre() {
		exchange(3);
		assertThat(burst("one", node())).isEqualTo(333);
		exchange(2);
		assertThat(burst("two", node())).isEqualTo(500);
		exchange(1);
		assertThat(burst("three", node())).isEqualTo(1000);
	}

	private static int burst(String tenant, TenantLimits node) {
		return (int) IntStream.range(0, 2000).filter((_) -> node.tryTake(Quota.CALLS_PER_SECOND, tenant, 1)).count();
	}

	@Test
	void shouldKeepItsShareWhileOthersAreNotHeard() {
		load(5, 900, 0, 0);
		ClusterUse known = new ClusterUse(List.of(), List.of(this.nodes.get(1).endPeriod(), NodeUse.NOTHING));
		for (int i = 0; i < 5; i++) {
			this.time.advance(Duration.ofSeconds(1));
			assertThat(burst("acme", node())).isBetween(900, 1000);
			node().endPeriod();
			node().share(known);
		}
	}

	@Test
	void shouldApplyAChangedQuotaInTheNextPeriod() {
		exchange(1);
		assertThat(burst("acme", node())).isEqualTo(1000);
		this.quotas.set("acme", Map.of(Quota.CALLS_PER_SECOND, 10L));
		this.time.advance(Duration.ofSeconds(1));
		exchange(1);
		this.time.advance(Duration.ofSeconds(1));
		assertThat(burst("acme", node())).isEqualTo(10);
		this.quotas.set("acme", Map.of());
		exchange(1);
		this.time.advance(Duration.ofSeconds(1));
		assertThat(burst("acme", node())).isEqualTo(1000);
	}

	@Test
	void shouldNameTheQuotaThatIsUsedUp() {
		this.quotas.set("acme", Map.of(Quota.CALLS_PER_SECOND, 0L, Quota.CONNECTIONS, 0L));
		assertThatThrownBy(() -> node().take(Quota.CALLS_PER_SECOND, "acme", 1))
			.isInstanceOfSatisfying(ProblemException.class, (refusal) -> {
				assertThat(refusal.problem()).isEqualTo(Problem.TOO_MANY_REQUESTS);
				assertThat(refusal.detail()).contains("callsPerSecond (0 ");
				assertThat(refusal.retryWithin()).isNotNull();
			});
		assertThat(node().refusal(Quota.CONNECTIONS, "acme").problem()).isEqualTo(Problem.UNAVAILABLE);
		assertThat(node().refused(Quota.CALLS_PER_SECOND)).isOne();
		node().take(Quota.CALLS_PER_SECOND, "other", 1);
	}

	@Test
	void shouldLetALargeAmountPassAndMakeItsTenantPayForIt() {
		assertThat(node().tryTake(Quota.BYTES_PER_SECOND, "acme", 3000)).isTrue();
		assertThat(node().tryTake(Quota.BYTES_PER_SECOND, "acme", 1)).isFalse();
		this.time.advance(Duration.ofMillis(1900));
		assertThat(node().tryTake(Quota.BYTES_PER_SECOND, "acme", 1)).isFalse();
		this.time.advance(Duration.ofMillis(200));
		assertThat(node().tryTake(Quota.BYTES_PER_SECOND, "acme", 1)).isTrue();
	}

	@Test
	void shouldNotLetADebtGrowForEver() {
		node().charge(Quota.BYTES_PER_SECOND, "acme", Long.MAX_VALUE);
		node().charge(Quota.BYTES_PER_SECOND, "acme", Long.MAX_VALUE);
		this.time.advance(Duration.ofSeconds(61));
		assertThat(node().tryTake(Quota.BYTES_PER_SECOND, "acme", 1)).isTrue();
	}

	@Test
	void shouldTakeBackWhatAQuotaOfZeroHasGiven() {
		node().take(Quota.BYTES_PER_SECOND, "acme", 1);
		this.quotas.set("acme", Map.of(Quota.BYTES_PER_SECOND, 0L));
		exchange(1);
		node().charge(Quota.BYTES_PER_SECOND, "acme", -1);
		node().charge(Quota.BYTES_PER_SECOND, "acme", 1);
		assertThat(node().tryTake(Quota.BYTES_PER_SECOND, "acme", 0)).isFalse();
		this.quotas.set("acme", Map.of(Quota.BYTES_PER_SECOND, 10L));
		exchange(1);
		this.time.advance(Duration.ofSeconds(61));
		assertThat(node().tryTake(Quota.BYTES_PER_SECOND, "acme", 1)).isTrue();
	}

	@Test
	void shouldHoldPlacesToTheQuotaOnAllNodesTogether() {
		exchange(3);
		for (int period = 0; period < 6; period++) {
			for (TenantLimits node : this.nodes) {
				for (int i = 0; i < 400; i++) {
					node.places(Quota.CALLS_IN_FLIGHT, "acme").tryEnter();
				}
			}
			exchange(3);
		}
		assertThat(held()).isEqualTo(1000);
	}

	@Test
	void shouldMoveFreePlacesToTheNodeThatNeedsThem() {
		exchange(3);
		for (int period = 0; period < 5; period++) {
			for (int i = 0; i < 1000; i++) {
				this.nodes.get(1).places(Quota.CALLS_IN_FLIGHT, "acme").tryEnter();
			}
			exchange(3);
		}
		assertThat(held()).isEqualTo(1000);
		assertThat(this.nodes.get(0).places(Quota.CALLS_IN_FLIGHT, "acme").tryEnter()).isFalse();
		IntStream.range(0, 500).forEach((_) -> this.nodes.get(1).places(Quota.CALLS_IN_FLIGHT, "acme").leave());
		exchange(3);
		exchange(3);
		assertThat(this.nodes.get(0).places(Quota.CALLS_IN_FLIGHT, "acme").tryEnter()).isTrue();
	}

	private long held() {
		return this.nodes.stream().mapToLong((node) -> node.places(Quota.CALLS_IN_FLIGHT, "acme").held()).sum();
	}

	/** nats-io/nats-server #6766: a lower limit ends what goes on already. */
	@Test
	void shouldTakeNoPlaceAwayWhenAQuotaIsLowered() {
		Occupancy places = node().places(Quota.CALLS_IN_FLIGHT, "acme");
		IntStream.range(0, 100).forEach((_) -> assertThat(places.tryEnter()).isTrue());
		this.quotas.set("acme", Map.of(Quota.CALLS_IN_FLIGHT, 50L));
		exchange(1);
		assertThat(places.held()).isEqualTo(100);
		assertThat(places.tryEnter()).isFalse();
		IntStream.range(0, 51).forEach((_) -> places.leave());
		assertThat(places.tryEnter()).isTrue();
		assertThat(places.tryEnter()).isFalse();
	}

	@Test
	void shouldFreeAReservedPlaceThatNobodyTakes() {
		this.quotas.set("acme", Map.of(Quota.CONNECTIONS, 2L));
		Occupancy places = node().connections("acme");
		assertThat(places.reserve()).isTrue();
		places.enter();
		assertThat(places.reserve()).isTrue();
		assertThat(places.reserve()).isFalse();
		exchange(1);
		exchange(1);
		assertThat(places.reserve()).isTrue();
		assertThat(places.held()).isOne();
	}

	/** spring-ai-community/spring-ai-agentcore #51: buckets that are never removed. */
	@Test
	void shouldForgetTenantsThatUseNothing() {
		for (int i = 0; i < 1000; i++) {
			node().take(Quota.CALLS_PER_SECOND, "tenant-" + i, 1);
		}
		Occupancy held = node().places(Quota.CALLS_IN_FLIGHT, "tenant-7");
		assertThat(held.tryEnter()).isTrue();
		for (int i = 0; i < 20; i++) {
			this.time.advance(Duration.ofSeconds(1));
			exchange(1);
		}
		assertThat(node().size()).isOne();
		assertThat(node().places(Quota.CALLS_IN_FLIGHT, "tenant-7")).isSameAs(held);
	}

	@Test
	void shouldMeasureALimitedNumberOfTenants() {
		for (int i = 0; i < TenantLimits.MAX_TENANTS + 2000; i++) {
			node().tryTake(Quota.CALLS_PER_SECOND, "tenant-" + i, 1);
		}
		assertThat(node().size()).isEqualTo(TenantLimits.MAX_TENANTS + 1);
		assertThat(node().tryTake(Quota.CALLS_PER_SECOND, "one-more", 1)).isFalse();
		assertThat(node().tryTake(Quota.CALLS_PER_SECOND, "tenant-5", 1)).isTrue();
	}

	@Test
	void shouldReportOnlyWhatMatters() {
		exchange(3);
		load(1, 5, 300, 0);
		this.nodes.get(0).tryTake(Quota.CALLS_PER_SECOND, "acme", 1);
		this.time.advance(Duration.ofSeconds(1));
		assertThat(this.nodes.get(0).endPeriod().isNothing()).isTrue();
		NodeUse busy = this.nodes.get(1).endPeriod();
		assertThat(busy.of("acme", Quota.CALLS_PER_SECOND).asked()).isBetween(50.0, 300.0);
		assertThat(busy.of("other", Quota.CALLS_PER_SECOND)).isEqualTo(Use.NONE);
	}

}
