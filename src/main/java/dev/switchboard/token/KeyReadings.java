package dev.switchboard.token;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import dev.switchboard.time.Periodic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

/**
 * Reads the keys of the tokens' issuer in the background, and measures it. So no
 * handshake and no call waits for a reading, and an issuer is asked as seldom by many
 * agents as by few. After a failure, the next reading comes earlier. Thread-safe.
 */
public final class KeyReadings {

	private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

	private static final double SPREAD = 0.2;

	private final IssuerKeys keys;

	private final Duration period;

	private final Chance chance;

	private final Backoff retries;

	private final Periodic readings;

	private final Counter ok;

	private final Counter failed;

	private final Counter withdrawn;

	private volatile int failures;

	private volatile boolean begun;

	/**
	 * Prepares the readings, and starts none.
	 * @param period the mean of the time between two readings
	 */
	public KeyReadings(IssuerKeys keys, Duration period, MeterRegistry meters, Chance chance) {
		this.keys = keys;
		this.period = period;
		this.chance = chance;
		this.retries = new Backoff((period.compareTo(FIRST_RETRY) < 0) ? period : FIRST_RETRY, period, chance);
		this.readings = new Periodic(this::pause, this::read, (_) -> {
			// The keys have logged it.
		});
		this.ok = readings(meters, "ok");
		this.failed = readings(meters, "failed");
		this.withdrawn = Counter.builder("switchboard.key.set.withdrawn")
			.description("Keys that have left the key set of the tokens' issuer")
			.register(meters);
		Gauge.builder("switchboard.key.set.age", this, (self) -> self.keys.age().toNanos() / 1e9)
			.description("How long ago this node last read the keys of the tokens' issuer")
			.baseUnit("seconds")
			.register(meters);
	}

	private static Counter readings(MeterRegistry meters, String outcome) {
		return Counter.builder("switchboard.key.set.readings")
			.description("Readings of the keys of the tokens' issuer")
			.tag("outcome", outcome)
			.register(meters);
	}

	/**
	 * Reads the keys at once, and then periodically. Called once.
	 * @param listener receives the names of withdrawn keys, and must return at once
	 */
	public void start(Consumer<Set<String>> listener) {
		this.keys.onWithdrawn((gone) -> {
			this.withdrawn.increment(gone.size());
			listener.accept(gone);
		});
		this.readings.start();
	}

	public void stop() {
		this.readings.dispose();
	}

	private Duration pause() {
		if (!this.begun) {
			return Duration.ZERO;
		}
		int failed = this.failures;
		return (failed == 0) ? this.chance.around(this.period, SPREAD) : this.retries.pause(failed - 1L);
	}

	private Mono<Void> read() {
		this.begun = true;
		return this.keys.read().doOnSuccess((_) -> {
			this.failures = 0;
			this.ok.increment();
		}).doOnError((_) -> {
			this.failures = Math.min(this.failures + 1, Short.MAX_VALUE);
			this.failed.increment();
		});
	}

}
