package dev.switchboard.aws;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.switchboard.dns.PoolEntry;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import io.netty.util.NetUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.route53.model.HealthCheckConfig;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * The health checks of nodes' addresses in Route 53, if the settings ask for them. A
 * health check is made before the record set that names it, and deleted after that record
 * set.
 */
final class HealthChecks {

	private static final Logger logger = LoggerFactory.getLogger(HealthChecks.class);

	private static final int RETRIES = 5;

	private static final int INTERVAL_SECONDS = 30;

	private static final int FAILURES = 3;

	private final Route53Settings settings;

	private final Route53Requests requests;

	private final Backoff backoff;

	HealthChecks(Route53Settings settings, Route53Requests requests, Backoff backoff) {
		this.settings = settings;
		this.requests = requests;
		this.backoff = backoff;
	}

	/**
	 * Makes the health checks of an entry. Health checks that exist already stay.
	 * @return the id of each address' health check; none if the settings do not ask for
	 * health checks
	 */
	Mono<Map<InetAddress, String>> create(PoolEntry entry) {
		Integer port = this.settings.healthCheckPort();
		if (port == null) {
			return Mono.just(Map.of());
		}
		return Flux.fromIterable(entry.addresses())
			.concatMap((address) -> this.requests.createHealthCheck(reference(entry, address), config(address, port))
				.map((id) -> Map.entry(address, id)))
			.collectMap(Map.Entry::getKey, Map.Entry::getValue);
	}

	/**
	 * Returns the name of a health check. The name differs at each start of the node, as
	 * the node's id does.
	 */
	private static String reference(PoolEntry entry, InetAddress address) {
		return "sb-" + entry.node().toString().substring(0, 18) + "-" + NetUtil.toAddressString(address);
	}

	private HealthCheckConfig config(InetAddress address, int port) {
		HealthCheckConfig.Builder config = HealthCheckConfig.builder()
			.ipAddress(NetUtil.toAddressString(address))
			.port(port)
			.type(this.settings.healthCheckType().sdk())
			.requestInterval(INTERVAL_SECONDS)
			.failureThreshold(FAILURES);
		return ((this.settings.healthCheckType() == Route53Settings.CheckType.TCP) ? config
				: config.resourcePath("/healthz"))
			.build();
	}

	/**
	 * Deletes the health checks of record sets that are gone. Works in the background,
	 * and logs the health checks that remain.
	 */
	void delete(List<ResourceRecordSet> gone) {
		Flux.fromStream(gone.stream().map(ResourceRecordSet::healthCheckId).filter(Objects::nonNull).distinct())
			.concatMap((id) -> this.requests.deleteHealthCheck(id)
				.retryWhen(this.backoff.atMost(RETRIES, (_) -> true))
				.doOnError((failure) -> logger.warn("The health check {} remains: {}", id, failure.getMessage()))
				.onErrorComplete())
			.subscribe();
	}

	/** Returns the pauses between the tries to delete a health check. */
	static Backoff backoff(Chance chance) {
		return new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), chance);
	}

}
