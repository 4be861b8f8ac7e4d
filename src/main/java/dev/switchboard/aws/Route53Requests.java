package dev.switchboard.aws;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import dev.switchboard.dns.DnsException;
import dev.switchboard.dns.PoolName;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.time.Backoff;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeStatus;
import software.amazon.awssdk.services.route53.model.HealthCheckConfig;
import software.amazon.awssdk.services.route53.model.InvalidChangeBatchException;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.NoSuchHealthCheckException;
import software.amazon.awssdk.services.route53.model.NoSuchHostedZoneException;
import software.amazon.awssdk.services.route53.model.PriorRequestNotCompleteException;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * The requests to one hosted zone of Route 53. Thread-safe. Only {@link #check} blocks.
 */
final class Route53Requests {

	private static final Logger logger = LoggerFactory.getLogger(Route53Requests.class);

	private static final Duration SETTLE_LIMIT = Duration.ofMinutes(3);

	private final Route53Client client;

	private final String zone;

	/** The pauses between two questions for the state of a change. */
	private final Backoff whilePending;

	Route53Requests(Route53Client client, String zone, Backoff whilePending) {
		this.client = client;
		this.zone = zone;
		this.whilePending = whilePending;
	}

	/**
	 * Checks at the start that the hosted zone contains the pool. Blocks for some seconds
	 * if AWS does not answer; then the node starts without this check.
	 * @throws SettingsRefusedException if there is no such zone, or if it does not
	 * contain the pool's name
	 */
	void check(PoolName pool) {
		try {
			String name = this.client.getHostedZone((request) -> request.id(this.zone)).hostedZone().name();
			if (!pool.isWithin(name)) {
				throw new SettingsRefusedException(
						"switchboard.aws.route53.zone=" + this.zone + " is the hosted zone " + name
								+ ", which does not contain switchboard.dns.pool=" + pool + ".",
						"Set it to the id of the hosted zone that has the pool's name.");
			}
		}
		catch (NoSuchHostedZoneException ex) {
			throw new SettingsRefusedException(
					"There is no hosted zone switchboard.aws.route53.zone=" + this.zone + " in this account.",
					"Set it to the id of the hosted zone that has the pool's name.");
		}
		catch (SdkException ex) {
			logger.warn("The hosted zone {} was not checked: {}", this.zone, AwsCalls.explain("Route 53", ex));
		}
	}

	/**
	 * Lists the record sets that have the pool's name or a name below it. In the order of
	 * Route 53 they follow each other, so the reading begins at the pool's name and ends
	 * after the first page that goes beyond them.
	 */
	Mono<List<ResourceRecordSet>> list(NodeRecordSets pool) {
		return page(pool, null).expand((page) -> hasMore(page, pool) ? page(pool, page) : Mono.empty())
			.concatMapIterable(ListResourceRecordSetsResponse::resourceRecordSets)
			.filter(pool::isBelow)
			.collectList();
	}

	/** Reads the page after the given one, or the first page if none is given. */
	private Mono<ListResourceRecordSetsResponse> page(NodeRecordSets pool,
			@Nullable ListResourceRecordSetsResponse before) {
		return call(() -> this.client.listResourceRecordSets((request) -> {
			request.hostedZoneId(this.zone);
			if (before == null) {
				request.startRecordName(pool.pool().text());
			}
			else {
				request.startRecordName(before.nextRecordName())
					.startRecordType(before.nextRecordType())
					.startRecordIdentifier(before.nextRecordIdentifier());
			}
		}));
	}

	private static boolean hasMore(ListResourceRecordSetsResponse page, NodeRecordSets pool) {
		return Boolean.TRUE.equals(page.isTruncated()) && !page.resourceRecordSets().isEmpty()
				&& pool.isBelow(page.resourceRecordSets().getLast());
	}

	/**
	 * Makes changes as one batch: all of them or none.
	 * @return the id of the batch
	 */
	Mono<String> change(List<Change> changes) {
		return call(() -> this.client
			.changeResourceRecordSets((request) -> request.hostedZoneId(this.zone)
				.changeBatch((batch) -> batch.comment("by Switchboard").changes(changes)))
			.changeInfo()
			.id());
	}

	/**
	 * Waits until a batch is at all name servers of Route 53, for a few minutes at most.
	 * Completes in either case.
	 */
	Mono<Void> settled(String batch) {
		return call(() -> this.client.getChange((request) -> request.id(batch)).changeInfo().status())
			.filter(ChangeStatus.INSYNC::equals)
			.switchIfEmpty(Mono.error(() -> DnsException.contended("the change is pending")))
			.retryWhen(this.whilePending.forever())
			.timeout(SETTLE_LIMIT)
			.onErrorComplete()
			.then();
	}

	/**
	 * Makes a health check, or returns the one that was made with this reference before.
	 * @return the id of the health check
	 */
	Mono<String> createHealthCheck(String reference, HealthCheckConfig config) {
		return call(() -> this.client
			.createHealthCheck((request) -> request.callerReference(reference).healthCheckConfig(config))
			.healthCheck()
			.id());
	}

	/** Deletes a health check; completes even if there is none. */
	Mono<Void> deleteHealthCheck(String id) {
		return AwsCalls.call(() -> this.client.deleteHealthCheck((request) -> request.healthCheckId(id)))
			.onErrorResume(NoSuchHealthCheckException.class, (_) -> Mono.empty())
			.onErrorMap(Route53Requests::explained)
			.then();
	}

	private static <T> Mono<T> call(Callable<T> call) {
		return AwsCalls.call(call).onErrorMap(Route53Requests::explained);
	}

	/**
	 * Turns a failure into one that says whether anything is wrong. Nothing is wrong if
	 * another node has just removed a record set that the batch names, or if Route 53 is
	 * still making another batch.
	 */
	private static Throwable explained(Throwable failure) {
		return switch (failure) {
			case DnsException known -> known;
			case PriorRequestNotCompleteException _ -> DnsException.contended("Route 53 is making another change");
			case InvalidChangeBatchException gone when isGone(gone) ->
				DnsException.contended("another node has changed the pool meanwhile");
			default -> DnsException.failed(AwsCalls.explain("Route 53", failure), failure);
		};
	}

	private static boolean isGone(InvalidChangeBatchException refused) {
		return String.valueOf(refused.getMessage()).contains("but it was not found");
	}

}
