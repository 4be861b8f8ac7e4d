package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * Decides how many handshakes a node admits: at most the rate of the node and the rate of
 * the agent's tenant, none while there is an obstacle, and none of a source that has had
 * too many failures. The rates count only agents whose credentials are good, so strangers
 * take nothing from them. Thread-safe.
 */
public final class HandshakeAdmission {

	/**
	 * Agents return within this time, unless the reason of the refusal gives another one:
	 * a {@link HandshakeObstacle}, or the {@link TokenBucket} of a rate.
	 */
	static final Duration RETRY_WITHIN = Duration.ofSeconds(30);

	/**
	 * The largest number of tenants whose buckets are in memory. An evicted bucket is
	 * replaced by a full one when its tenant comes again.
	 */
	private static final int MAX_TENANTS = 10_000;

	static final String FULL = "This node takes no more agents at the moment";

	private final SourceAdmission sources;

	private final List<HandshakeObstacle> obstacles;

	private final TimeSource time;

	private final TokenBucket node;

	private final int tenantRate;

	private final Cache<String, TokenBucket> tenants = Caffeine.newBuilder()
		.maximumSize(MAX_TENANTS)
		.executor(Runnable::run)
		.build();

	private volatile boolean draining;

	/**
	 * @param nodeRate the number of handshakes in a second
	 * @param tenantRate the number of handshakes in a second of each tenant
	 * @param sources refuses the sources that have had too many failures
	 * @param obstacles the reasons why the node may take no handshakes
	 */
	HandshakeAdmission(int nodeRate, int tenantRate, SourceAdmission sources, List<HandshakeObstacle> obstacles,
			TimeSource time) {
		this.sources = sources;
		this.obstacles = obstacles;
		this.time = time;
		this.node = new TokenBucket(nodeRate, time);
		this.tenantRate = tenantRate;
	}

	/** Refuses all further handshakes. */
	void drain() {
		this.draining = true;
	}

	/**
	 * Whether the node takes handshakes: it is neither full nor draining. A rate may
	 * refuse a handshake even then.
	 */
	public boolean isOpen() {
		return !this.draining && this.obstacles.stream().noneMatch(HandshakeObstacle::isThere);
	}

	/**
	 * Admits a handshake before its credentials are known.
	 * @param from the address that it comes from; null if it is not known
	 * @throws ProblemException if the node admits no handshake at the moment
	 */
	void admit(@Nullable InetSocketAddress from) {
		if (this.draining) {
			throw new ProblemException(Problem.UNAVAILABLE, FULL);
		}
		for (HandshakeObstacle obstacle : this.obstacles) {
			if (obstacle.isThere()) {
				throw new ProblemException(Problem.UNAVAILABLE, FULL).retryWithin(obstacle.retryWithin());
			}
		}
		if (this.sources.isOver(from)) {
			this.sources.refused(from);
			throw new ProblemException(Problem.UNAVAILABLE, SourceGate.DETAIL);
		}
	}

	/**
	 * Counts a handshake that was refused because it was malformed, or because its
	 * credentials were bad.
	 * @param from the address that it came from; null if it is not known
	 */
	void failed(@Nullable InetSocketAddress from) {
		this.sources.failed(from);
	}

	/**
	 * Admits a handshake of an authenticated agent of this tenant.
	 * @throws ProblemException if the tenant or the node has had too many handshakes
	 */
	void admit(String tenant) {
		take(this.tenants.get(tenant, (_) -> new TokenBucket(this.tenantRate, this.time)),
				"This node takes no more agents of the tenant at the moment");
		take(this.node, FULL);
	}

	private static void take(TokenBucket bucket, String detail) {
		if (!bucket.tryTake()) {
			throw new ProblemException(Problem.UNAVAILABLE, detail).retryWithin(bucket.retryWithin());
		}
	}

}
