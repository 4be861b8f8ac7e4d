package dev.switchboard.dns;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;

import static org.assertj.core.api.Assertions.assertThat;

class PoolPresenceTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final NodeId self = TestIds.node();

	private final PoolEntry own = TestZone.entry(this.self, "192.0.2.1");

	private final TestZone zone = new TestZone();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private volatile boolean registered = true;

	private final PoolPresence presence = presence(HOUR);

	private PoolPresence presence(Duration interval) {
		PoolUpkeep upkeep = new PoolUpkeep(this.self, this.zone, () -> Mono.just(this.own.addresses()),
				Mono.just(List.of()), new Leftovers(this.self, HOUR, TimeSource.SYSTEM), TimeSource.SYSTEM);
		return new PoolPresence(this.self, new PoolName("agents.example.com"), upkeep, () -> this.registered, interval,
				Chance.SYSTEM, new DnsMetrics(this.meters));
	}

	private void ready(ReadinessState state) {
		this.presence.onApplicationEvent(new AvailabilityChangeEvent<>(this, state));
	}

	@BeforeEach
	void start() {
		this.presence.start();
	}

	@AfterEach
	void stop() {
		this.presence.stop();
	}

	@Test
	void shouldEnterOnlyWhenTheNodeIsReady() {
		assertThat(this.zone.requests).hasValue(0);
		ready(ReadinessState.ACCEPTING_TRAFFIC);
		await(List.of(this.own));
		Awaitility.await().until(() -> this.meters.get("switchboard.dns.present").gauge().value() == 1);
	}

	@Test
	void shouldLeaveWhenADrainBeginsAndReturnWhenItIsTakenBack() {
		ready(ReadinessState.ACCEPTING_TRAFFIC);
		await(List.of(this.own));
		ready(ReadinessState.REFUSING_TRAFFIC);
		await(List.of());
		ready(ReadinessState.ACCEPTING_TRAFFIC);
		await(List.of(this.own));
	}

	@Test
	void shouldEnterOnlyAfterTheDirectoryListsTheNode() {
		this.registered = false;
		ready(ReadinessState.ACCEPTING_TRAFFIC);
		assertThat(this.zone.requests).hasValue(0);
		this.registered = true;
		await(List.of(this.own));
	}

	@Test
	void shouldTryAgainUntilTheServerAnswers() {
		this.zone.failure = DnsException.failed("the DNS server does not answer");
		ready(ReadinessState.ACCEPTING_TRAFFIC);
		Awaitility.await().until(() -> this.meters.get("switchboard.dns.failures").counter().count() >= 2);
		this.zone.failure = null;
		await(List.of(this.own));
	}

	@Test
	void shouldNotCountAsFailureThatAnotherNodeChangedThePool() {
		this.zone.failure = DnsException.contended("meanwhile");
		ready(ReadinessState.ACCEPTING_TRAFFIC);
		Awaitility.await().until(() -> this.zone.requests.get() >= 2);
		this.zone.failure = null;
		await(List.of(this.own));
		assertThat(this.meters.get("switchboard.dns.failures").counter().count()).isZero();
	}

	@Test
	void shouldLeaveAtOnceThoughItsEntryIsStillPending() {
		this.zone.settled = Mono.never();
		ready(ReadinessState.ACCEPTING_TRAFFIC);
		await(List.of(this.own));
		ready(ReadinessState.REFUSING_TRAFFIC);
		await(List.of());
	}

	@Test
	void shouldEnterAgainAfterItWasDeclaredDead() {
		ready(ReadinessState.ACCEPTING_TRAFFIC);
		await(List.of(this.own));
		this.zone.change((entries) -> Mono.just(new PoolChange(entries, List.of()))).block();
		this.presence.registeredAnew();
		await(List.of(this.own));
	}

	@Test
	void shouldBeOutBeforeItHasStopped() throws Exception {
		ready(ReadinessState.ACCEPTING_TRAFFIC);
		await(List.of(this.own));
		stopAndWait();
		assertThat(this.zone.entries()).isEmpty();
	}

	@Test
	void shouldStopThoughTheServerIsAway() throws Exception {
		ready(ReadinessState.ACCEPTING_TRAFFIC);
		await(List.of(this.own));
		this.zone.failure = DnsException.failed("the DNS server does not answer");
		stopAndWait();
		assertThat(this.zone.entries()).containsExactly(this.own);
	}

	@Test
	void shouldStopAtOnceIfItWasNeverIn() throws Exception {
		stopAndWait();
		assertThat(this.zone.requests).hasValue(0);
	}

	private void stopAndWait() throws InterruptedException {
		CountDownLatch stopped = new CountDownLatch(1);
		this.presence.stop(stopped::countDown);
		assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.presence.isRunning()).isFalse();
	}

	private void await(List<PoolEntry> entries) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.zone.entries().equals(entries));
	}

}
