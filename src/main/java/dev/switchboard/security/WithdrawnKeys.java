package dev.switchboard.security;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionListener;
import dev.switchboard.connection.ConnectionRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Closes the connections whose tokens a withdrawn key has signed. Their agents connect
 * again with fresh tokens. The connections close after a {@link #GRACE}: meanwhile agents
 * can send fresh tokens of another key, and an issuer that left the key out by mistake
 * can bring it back. Thread-safe.
 */
final class WithdrawnKeys implements ConnectionListener {

	static final Duration GRACE = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(WithdrawnKeys.class);

	private final Predicate<String> counts;

	private final ConnectionRegistry registry;

	/**
	 * @param counts whether the issuer's key set has a key of this name
	 */
	WithdrawnKeys(Predicate<String> counts, ConnectionRegistry registry) {
		this.counts = counts;
		this.registry = registry;
	}

	/** Takes the names of keys that are withdrawn. Returns at once. */
	void withdrawn(Set<String> keys) {
		logger.warn("The issuer's key set has these keys no more: {}. Their tokens are refused, and connections with"
				+ " such tokens are closed in {} s", keys, GRACE.toSeconds());
		Mono.delay(GRACE).subscribe((_) -> close(keys));
	}

	private void close(Set<String> keys) {
		Set<String> gone = new HashSet<>(keys);
		gone.removeIf(this.counts);
		AtomicInteger closed = new AtomicInteger();
		this.registry.forEachOpen((connection) -> {
			String key = connection.signingKey();
			if (key != null && gone.contains(key)) {
				closed.incrementAndGet();
				close(connection, key);
			}
		});
		logger.info("Closed {} connections with tokens of withdrawn keys", closed);
	}

	private static void close(AgentConnection connection, String key) {
		connection.refuseCredentials("key withdrawn: " + key);
	}

	/**
	 * Closes the connection if its key was withdrawn after its token was checked.
	 */
	@Override
	public void registered(AgentConnection connection) {
		String key = connection.signingKey();
		if (key != null && !this.counts.test(key)) {
			close(connection, key);
		}
	}

}
