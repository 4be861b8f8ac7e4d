package dev.switchboard.token;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

import com.nimbusds.jose.jwk.JWK;
import dev.switchboard.time.Chance;
import dev.switchboard.time.ManualTime;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class KeyReadingsTests {

	private static final Duration PERIOD = Duration.ofSeconds(30);

	private static final JWK OLD = SigningKey.ec().jwk("old");

	private static final JWK NEW = SigningKey.ec().jwk("new");

	private final VirtualTimeScheduler clock = VirtualTimeScheduler.getOrSet();

	private final ManualTime time = new ManualTime();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final Set<String> withdrawn = new CopyOnWriteArraySet<>();

	private Mono<List<VerificationKey>> answer = Mono.just(List.of(key(OLD)));

	private int fetches;

	private final KeyReadings readings = new KeyReadings(new IssuerKeys(Mono.defer(() -> {
		this.fetches++;
		return this.answer;
	}), Duration.ofHours(24), this.time, this.clock), PERIOD, this.meters, Chance.seeded(7));

	@AfterEach
	void stop() {
		this.readings.stop();
		VirtualTimeScheduler.reset();
	}

	private static VerificationKey key(JWK jwk) {
		return VerificationKey.of(jwk).orElseThrow();
	}

	private void start() {
		this.readings.start(this.withdrawn::addAll);
		advance(Duration.ZERO);
	}

	private void advance(Duration by) {
		this.time.advance(by);
		this.clock.advanceTimeBy(by);
	}

	private double count(String meter, String... tags) {
		return this.meters.get(meter).tags(tags).counter().count();
	}

	@Test
	void shouldReadAtOnceAndThenOnceAPeriod() {
		start();
		assertThat(this.fetches).isOne();
		advance(PERIOD.multipliedBy(100));
		assertThat(this.fetches).isBetween(90, 112);
		assertThat(count("switchboard.key.set.readings", "outcome", "ok")).isEqualTo(this.fetches);
	}

	@Test
	void shouldSayWhichKeysAreWithdrawn() {
		start();
		this.answer = Mono.just(List.of(key(NEW)));
		advance(PERIOD.multipliedBy(2));
		assertThat(this.withdrawn).containsExactly(key(OLD).name());
		assertThat(count("switchboard.key.set.withdrawn")).isOne();
	}

	@Test
	void shouldReadAgainSoonerAfterAFailureButNeverFasterThanTheBackoff() {
		this.answer = Mono.error(new IllegalStateException("away"));
		start();
		advance(Duration.ofSeconds(20));
		int soon = this.fetches;
		assertThat(soon).isBetween(4, 8);
		advance(Duration.ofHours(1));
		assertThat(this.fetches - soon).isBetween(90, 150);
		assertThat(count("switchboard.key.set.readings", "outcome", "failed")).isEqualTo(this.fetches);
		assertThat(this.meters.get("switchboard.key.set.age").gauge().value()).isEqualTo(3620);
		this.answer = Mono.just(List.of(key(OLD)));
		advance(PERIOD.multipliedBy(2));
		assertThat(this.meters.get("switchboard.key.set.age").gauge().value()).isLessThan(60);
	}

}
