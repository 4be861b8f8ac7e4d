package dev.switchboard.token;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.nimbusds.jose.JWSHeader;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.time.LogLimit;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.util.StringUtils;

/**
 * The keys of the tokens' issuer, as this node has last read them. {@link KeyReadings}
 * reads them again and again. A key that the last reading does not have is withdrawn. If
 * the keys cannot be read, the last ones count until they are older than the longest age.
 * From then on, no token can be checked. A token whose key is not known waits for a
 * reading. Anyone can send tokens with unknown keys, so these cause at most one reading
 * in each {@link #PAUSE}, which all of them share. Thread-safe.
 */
public final class IssuerKeys {

	static final Duration PAUSE = Duration.ofSeconds(10);

	/** The pause after a failed reading that an unknown key has caused. */
	static final Duration RETRY = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(IssuerKeys.class);

	private final Duration maxAge;

	private final TimeSource time;

	private final long startNanos;

	private final LogLimit logLimit;

	private final Mono<KeySet> reading;

	private final Mono<KeySet> rareReading;

	private final AtomicInteger version = new AtomicInteger();

	private volatile @Nullable KeySet latest;

	private volatile Consumer<Set<String>> withdrawn = (_) -> {
	};

	/**
	 * @param issuer reads the keys with each subscription; never gives an empty list
	 * @param maxAge the longest age of keys that count
	 * @param clock times the pauses between readings for unknown keys
	 */
	IssuerKeys(Mono<List<VerificationKey>> issuer, Duration maxAge, TimeSource time, Scheduler clock) {
		this.maxAge = maxAge;
		this.time = time;
		this.startNanos = time.nanoTime();
		this.logLimit = new LogLimit(Duration.ofMinutes(1), time);
		this.reading = Mono.defer(() -> {
			long began = time.nanoTime();
			return issuer.map((keys) -> take(new KeySet(keys, began)));
		}).doOnError(this::failed);
		this.rareReading = this.reading.cache((_) -> PAUSE, (_) -> RETRY, () -> RETRY, clock);
	}

	/**
	 * Returns the keys of these settings. The keys of an issuer are not read yet; the key
	 * in a file is.
	 * @param maxAge the longest age of keys that count
	 * @throws SettingsRefusedException if no keys are configured, or if the file has none
	 */
	public static IssuerKeys of(OAuth2ResourceServerProperties.Jwt settings, Duration maxAge, TimeSource time) {
		IdentityProvider provider = new IdentityProvider();
		if (StringUtils.hasText(settings.getJwkSetUri())) {
			return new IssuerKeys(provider.keysAt(URI.create(settings.getJwkSetUri())), maxAge, time,
					Schedulers.parallel());
		}
		if (settings.getPublicKeyLocation() != null) {
			IssuerKeys keys = new IssuerKeys(PublicKeyFile.reading(settings.getPublicKeyLocation()), maxAge, time,
					Schedulers.parallel());
			keys.take(new KeySet(List.of(PublicKeyFile.read(settings.getPublicKeyLocation())), time.nanoTime()));
			return keys;
		}
		if (StringUtils.hasText(settings.getIssuerUri())) {
			return new IssuerKeys(provider.keysOf(settings.getIssuerUri()), maxAge, time, Schedulers.parallel());
		}
		throw new SettingsRefusedException("In jwt mode there must be a way to check tokens, and none is set.",
				"Set spring.security.oauth2.resourceserver.jwt.public-key-location, .jwk-set-uri or .issuer-uri"
						+ " (or, for a try on this machine, switchboard.security.mode=dev)");
	}

	/**
	 * Finds the keys that may have signed a token with this header.
	 * @return the keys, which may be none; a {@link JwtException} if that cannot be said
	 * at the moment
	 */
	Mono<List<VerificationKey>> keysFor(JWSHeader header) {
		KeySet known = this.latest;
		if (known != null && isTooOld()) {
			return Mono.error(new JwtException("The issuer's keys could not be read for " + age().toSeconds()
					+ " s, which is longer than switchboard.security.max-key-set-age allows"));
		}
		List<VerificationKey> fitting = (known != null) ? known.fitting(header) : List.of();
		return fitting.isEmpty() ? this.rareReading.map((read) -> newest(read).fitting(header)) : Mono.just(fitting);
	}

	/** A rare reading is remembered for a while, so there may be a newer one. */
	private KeySet newest(KeySet read) {
		KeySet known = this.latest;
		return (known != null) ? known : read;
	}

	/**
	 * Reads the keys.
	 * @return an error if they cannot be read, which the log has
	 */
	Mono<Void> read() {
		return this.reading.then();
	}

	/**
	 * Takes what was read, unless a reading that began later has ended before.
	 */
	private synchronized KeySet take(KeySet read) {
		KeySet before = this.latest;
		if (before == null || read.readNanos() - before.readNanos() >= 0) {
			this.latest = read;
			Set<String> gone = (before != null) ? before.without(read) : Set.of();
			if (!gone.isEmpty()) {
				this.version.incrementAndGet();
				this.withdrawn.accept(gone);
			}
		}
		return read;
	}

	private void failed(Throwable failure) {
		if (isTooOld()) {
			this.version.incrementAndGet();
		}
		Throwable cause = (failure.getCause() != null) ? failure.getCause() : failure;
		this.logLimit.tryLog()
			.ifPresent(
					(heldBack) -> logger.warn(
							"The issuer's keys are not read, so a withdrawn key is not known here:"
									+ " {} (further times since the last such line: {})",
							cause.getMessage(), heldBack));
	}

	/**
	 * Whether a key counts: the last reading has it. It counts whatever the age of that
	 * reading is.
	 * @param key the name of the key
	 */
	public boolean has(String key) {
		KeySet known = this.latest;
		return known != null && known.names().contains(key);
	}

	/** Sets the receiver of the names of withdrawn keys. It must return at once. */
	public void onWithdrawn(Consumer<Set<String>> listener) {
		this.withdrawn = listener;
	}

	/**
	 * Returns a number that changes when a key is withdrawn, and when the keys get too
	 * old. A token that was good at another number must be checked again.
	 */
	int version() {
		return this.version.get();
	}

	/** Returns how old the keys are; how old this object is if there are none yet. */
	Duration age() {
		KeySet known = this.latest;
		return Duration.ofNanos(this.time.nanoTime() - ((known != null) ? known.readNanos() : this.startNanos));
	}

	private boolean isTooOld() {
		return age().compareTo(this.maxAge) > 0;
	}

}
