package dev.switchboard.handshake;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.node.NodeSettings;
import dev.switchboard.problem.Problem;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Which handshakes a node takes: as many as its rate and that of the agent's tenant
 * allow, while it has room, its claims do not pile up before the directory, and it does
 * not drain. Whoever is refused is told when to return, spread out so that a herd comes
 * back as a queue. Thread-safe.
 */
@Component
final class HandshakeAdmission {

	/** Tenants whose buckets are kept; one that is dropped would mostly be full. */
	private static final int MOST_TENANTS = 10_000;

	private static final String NO_MORE = "This node takes no more agents at the moment";

	private final BooleanSupplier full;

	private final LongSupplier nanoTime;

	private final TokenBucket node;

	private final int tenantRate;

	private final Cache<String, TokenBucket> tenants = Caffeine.newBuilder().maximumSize(MOST_TENANTS).build();

	private volatile boolean draining;

	@Autowired
	HandshakeAdmission(AgentPortSettings settings, NodeSettings node, ConnectionRegistry registry,
			AgentDirectory directory) {
		// A node that cannot store its claims should not take more connections either.
		this(settings.handshakeRate(), settings.handshakeRateOfTenant(),
				() -> registry.size() >= node.capacity() || directory.isCongested(), System::nanoTime);
	}

	HandshakeAdmission(int nodeRate, int tenantRate, BooleanSupplier full, LongSupplier nanoTime) {
		this.full = full;
		this.nanoTime = nanoTime;
		this.node = new TokenBucket(nodeRate, nanoTime);
		this.tenantRate = tenantRate;
	}

	/** Refuses every further handshake. */
	void drain() {
		this.draining = true;
	}

	/**
	 * Takes a handshake, of whatever agent.
	 * @throws HandshakeRefusedException if the node takes none
	 */
	void admit() {
		if (this.draining || this.full.getAsBoolean()) {
			throw new HandshakeRefusedException(Problem.UNAVAILABLE, NO_MORE);
		}
		take(this.node, NO_MORE);
	}

	/**
	 * Takes a handshake of an agent of this tenant, which has shown that it is.
	 * @throws HandshakeRefusedException if there are too many of the tenant's
	 */
	void admit(String tenant) {
		take(this.tenants.get(tenant, (_) -> new TokenBucket(this.tenantRate, this.nanoTime)),
				"This node takes no more agents of the tenant at the moment");
	}

	private static void take(TokenBucket bucket, String detail) {
		if (!bucket.tryTake()) {
			throw new HandshakeRefusedException(Problem.UNAVAILABLE, detail, bucket.retryAfterSeconds());
		}
	}

}
