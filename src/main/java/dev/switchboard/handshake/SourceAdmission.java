package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;

import dev.switchboard.listener.Source;
import dev.switchboard.time.LogLimit;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which handshakes are refused before their credentials are looked at: those of
 * sources that have had too many failures. A handshake that succeeds costs its source
 * nothing, so agents behind one address may all return together. Trusted proxies are no
 * sources. Its memory has a fixed size. Thread-safe.
 */
final class SourceAdmission {

	private static final Logger logger = LoggerFactory.getLogger(SourceAdmission.class);

	private static final Duration LOG_PAUSE = Duration.ofMinutes(1);

	private final SourceSettings settings;

	private final TrustedProxies proxies;

	private final FailureSketch failures;

	private final Counter failed;

	private final Counter refused;

	private final LogLimit logLimit;

	/**
	 * @param secrets gives random numbers that no client knows
	 */
	SourceAdmission(SourceSettings settings, TrustedProxies proxies, MeterRegistry meters, LongSupplier secrets,
			TimeSource time) {
		this.settings = settings;
		this.proxies = proxies;
		this.failures = new FailureSketch(settings.failureRate(), secrets, time);
		this.failed = Counter.builder("switchboard.sources.failures")
			.description("Handshakes that counted as failures of their source")
			.register(meters);
		this.refused = Counter.builder("switchboard.sources.refused")
			.description("Handshakes that were refused unseen, because of the failures of their source")
			.register(meters);
		this.logLimit = new LogLimit(LOG_PAUSE, time);
	}

	/**
	 * Whether the source of a handshake has had too many failures.
	 * @param from the address that the handshake comes from; null if it is not known
	 */
	boolean isOver(@Nullable InetSocketAddress from) {
		Source source = source(from);
		// A burst of one failure lets in a source whose count has fallen to 0.
		return source != null && this.failures.count(source.prefix()) > this.settings.failureBurst() - 1;
	}

	/** Counts and logs a handshake that was refused because of its source. */
	void refused(@Nullable InetSocketAddress from) {
		this.refused.increment();
		this.logLimit.tryLog()
			.ifPresent(
					(heldBack) -> logger.warn("Handshakes from {} are refused because too many from there have failed "
							+ "(further refusals since the last such line: {}). If a load balancer has this address, "
							+ "name it in switchboard.agent.trusted-proxies", source(from), heldBack));
	}

	/**
	 * Counts a failed handshake: malformed, never complete, or with credentials that are
	 * bad.
	 * @param from the address that the handshake comes from; null if it is not known
	 */
	void failed(@Nullable InetSocketAddress from) {
		Source source = source(from);
		if (source != null) {
			this.failed.increment();
			this.failures.add(source.prefix());
		}
	}

	private @Nullable Source source(@Nullable InetSocketAddress from) {
		return this.proxies.contain(from) ? null
				: Source.of(from, this.settings.ipv4Prefix(), this.settings.ipv6Prefix());
	}

}
