package dev.switchboard.database;

import java.time.Duration;
import java.util.function.Function;

import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Makes connections with credentials that change. The credentials are read for the first
 * connection, and again when the database refuses them, but not more often than every few
 * seconds: an outage must not become a flood of requests for secrets. Connections that
 * are open stay open. Thread-safe.
 */
final class RenewedConnections implements ConnectionFactory {

	/** The shortest time between two readings of the credentials. */
	static final Duration BETWEEN_READINGS = Duration.ofSeconds(5);

	private static final Duration READ_LIMIT = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(RenewedConnections.class);

	private final CredentialsSource source;

	private final Function<DatabaseCredentials, ConnectionFactory> connections;

	private final TimeSource time;

	private @Nullable Mono<Current> reading;

	private @Nullable Throwable failure;

	private long readAt;

	/** The credentials that were read last, and the connections with them. */
	private record Current(DatabaseCredentials credentials, ConnectionFactory connections) {
	}

	/**
	 * @param connections returns the connections with the given credentials
	 */
	RenewedConnections(CredentialsSource source, Function<DatabaseCredentials, ConnectionFactory> connections,
			TimeSource time) {
		this.source = source;
		this.connections = connections;
		this.time = time;
	}

	@Override
	public Mono<Connection> create() {
		return Mono.defer(() -> {
			Mono<Current> used = latest();
			return used.flatMap(RenewedConnections::connect)
				.onErrorResume(ServerErrors::isAccessDenied,
						(denied) -> renewed(used).flatMap(RenewedConnections::connect)
							.switchIfEmpty(Mono.error(denied)));
		});
	}

	private static Mono<Connection> connect(Current current) {
		return Mono.from(current.connections().create()).cast(Connection.class);
	}

	private synchronized Mono<Current> latest() {
		Mono<Current> known = this.reading;
		if (known != null) {
			return known;
		}
		Throwable failed = this.failure;
		return (failed != null && isSoon()) ? Mono.error(failed) : read();
	}

	/**
	 * Returns newer credentials than the refused ones. If none are known, reads them,
	 * unless the last reading was a short time ago; then the result is empty.
	 */
	@SuppressWarnings("ReferenceEquality") // It must be the same reading.
	private synchronized Mono<Current> renewed(Mono<Current> refused) {
		Mono<Current> known = this.reading;
		if (known != null && known != refused) {
			return known;
		}
		return isSoon() ? Mono.empty() : read();
	}

	private boolean isSoon() {
		return this.time.nanoTime() - this.readAt < BETWEEN_READINGS.toNanos();
	}

	/** Begins to read the credentials; all who wait for them share one reading. */
	private synchronized Mono<Current> read() {
		Mono<Current> before = this.reading;
		this.readAt = this.time.nanoTime();
		Mono<Current> begun = Mono.defer(this.source::read)
			.timeout(READ_LIMIT)
			.map((credentials) -> new Current(credentials, this.connections.apply(credentials)))
			.doOnNext((current) -> logger.info("The credentials of the database were read; the user is {}",
					current.credentials().username()))
			.onErrorMap((failure) -> new R2dbcNonTransientResourceException(
					"the credentials of the database cannot be read: " + failure.getMessage(), failure))
			.doOnError((reason) -> failed(before, reason))
			.cache();
		this.reading = begun;
		return begun;
	}

	/** Goes back to the earlier credentials, since no others could be read. */
	private synchronized void failed(@Nullable Mono<Current> before, Throwable reason) {
		this.reading = before;
		this.failure = reason;
	}

	@Override
	public ConnectionFactoryMetadata getMetadata() {
		return () -> "MySQL";
	}

}
