package dev.switchboard.token;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.nimbusds.jose.JWSHeader;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Fetches and remembers an issuer's keys. A request whose key is remembered never waits
 * for the issuer, which may be away. If the remembered keys are older than
 * {@link #FRESH}, such a request uses them and starts a fetch. A request whose key is not
 * remembered waits for a fetch. Anyone can send requests with unknown keys, so these
 * cause at most one fetch in each {@link #PAUSE}. Requests that come at the same time
 * share a fetch. Thread-safe.
 */
final class RemoteKeys implements KeySource {

	static final Duration FRESH = Duration.ofMinutes(5);

	static final Duration PAUSE = Duration.ofSeconds(10);

	/** The pause between a failed fetch and the next one. */
	static final Duration RETRY = Duration.ofSeconds(1);

	private final Scheduler clock;

	private final Mono<Fetched> load;

	private final Mono<Fetched> reload;

	private volatile @Nullable Fetched latest;

	RemoteKeys(Mono<List<VerificationKey>> issuer, Scheduler clock) {
		this.clock = clock;
		Mono<Fetched> fetch = issuer.map((keys) -> new Fetched(keys, now())).doOnNext((keys) -> this.latest = keys);
		this.load = atMostOnceIn(FRESH, fetch);
		this.reload = atMostOnceIn(PAUSE, fetch);
	}

	private Mono<Fetched> atMostOnceIn(Duration pause, Mono<Fetched> fetch) {
		return fetch.cache((keys) -> pause, (failure) -> RETRY, () -> RETRY, this.clock);
	}

	@Override
	public Mono<List<VerificationKey>> keysFor(JWSHeader header) {
		Fetched known = this.latest;
		if (known == null) {
			return this.load.map((keys) -> keys.fitting(header));
		}
		List<VerificationKey> fitting = known.fitting(header);
		if (fitting.isEmpty()) {
			return this.reload.map((keys) -> keys.fitting(header));
		}
		if (now().minus(known.at).compareTo(FRESH) >= 0) {
			this.load.onErrorComplete().subscribe();
		}
		return Mono.just(fitting);
	}

	private Duration now() {
		return Duration.ofMillis(this.clock.now(TimeUnit.MILLISECONDS));
	}

	private record Fetched(List<VerificationKey> keys, Duration at) {

		List<VerificationKey> fitting(JWSHeader header) {
			return this.keys.stream().filter((key) -> key.fits(header)).toList();
		}

	}

}
