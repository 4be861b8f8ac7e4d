package dev.switchboard.database;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.asyncer.r2dbc.mysql.MySqlConnectionFactoryProvider;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.r2dbc.h2.H2ConnectionConfiguration;
import io.r2dbc.h2.H2ConnectionFactory;
import io.r2dbc.h2.H2ConnectionOption;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import io.r2dbc.spi.ValidationDepth;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;
import reactor.netty.transport.NameResolverProvider;

/** Makes connection factories and pools for the database. */
public final class DatabaseConnections {

	private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

	private static final Duration ACQUIRE_LIMIT = Duration.ofSeconds(1);

	/**
	 * How long the address of the server's name is remembered, even if the name server
	 * allows a longer time. A failover changes the address. Connections are made rarely,
	 * so asking again costs little.
	 */
	private static final Duration NAME_LIMIT = Duration.ofSeconds(1);

	/**
	 * How many seconds a statement may wait in the server for a lock. Because of this
	 * limit, a statement whose connection was lost takes effect within this time or
	 * never.
	 */
	private static final int LOCK_LIMIT = 20;

	/**
	 * How many parsed statements the driver keeps. Batches of different sizes are
	 * different statements.
	 */
	private static final int QUERY_CACHE = 64;

	private DatabaseConnections() {
	}

	/**
	 * Returns the connections to a new database in this process's memory, which no other
	 * process shares.
	 */
	public static ConnectionFactory embedded(Chance chance) {
		return new H2ConnectionFactory(H2ConnectionConfiguration.builder()
			.inMemory("switchboard-" + chance.uuid())
			.property(H2ConnectionOption.DB_CLOSE_DELAY, "-1")
			.property("MODE", "MySQL")
			.property("TIME ZONE", "UTC")
			.build());
	}

	/**
	 * Returns the connections to the database that the settings name.
	 * @throws SettingsRefusedException if the URL is not one of MySQL or MariaDB, or has
	 * an option that the driver does not accept
	 */
	static ConnectionFactory of(DatabaseSettings settings, Chance chance) {
		String url = settings.url();
		if (url == null || url.isEmpty()) {
			return embedded(chance);
		}
		DatabaseUrl.parse(url);
		try {
			return at(url, settings.username(), settings.password());
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			throw DatabaseUrl.badOption(url);
		}
	}

	/**
	 * Returns the connections to the database that the settings name, with credentials
	 * that come from elsewhere and may change.
	 * @throws SettingsRefusedException if the settings name no database of MySQL or
	 * MariaDB, or if they have a user or a password
	 */
	static ConnectionFactory renewed(DatabaseSettings settings, CredentialsSource source, TimeSource time) {
		String url = settings.url();
		if (url == null || url.isEmpty() || settings.username() != null || settings.password() != null) {
			throw new SettingsRefusedException(
					"switchboard.aws.database is set, " + (settings.isShared()
							? "and spring.r2dbc.username or .password, too." : "but spring.r2dbc.url is not."),
					"Set spring.r2dbc.url, and take the user and the password from one place only.");
		}
		DatabaseUrl.parse(url);
		return new RenewedConnections(source, (credentials) -> at(url, credentials.username(), credentials.password()),
				time);
	}

	/** Returns the place of the database that the settings name. */
	static DatabasePlace place(DatabaseSettings settings) {
		String url = settings.url();
		if (url == null || url.isEmpty()) {
			return DatabasePlace.EMBEDDED;
		}
		ConnectionFactoryOptions.Builder options = DatabaseUrl.parse(url).mutate();
		option(options, ConnectionFactoryOptions.USER, settings.username());
		return DatabasePlace.of(options.build());
	}

	/**
	 * Returns the connections to the database at an R2DBC URL.
	 * @param username the user, in place of the user in the URL; null for the user in the
	 * URL
	 * @param password the password, in place of the password in the URL; null for the
	 * password in the URL
	 */
	public static ConnectionFactory at(String url, @Nullable String username, @Nullable String password) {
		ConnectionFactoryOptions given = ConnectionFactoryOptions.parse(url);
		ConnectionFactoryOptions.Builder options = given.mutate();
		option(options, ConnectionFactoryOptions.USER, username);
		option(options, ConnectionFactoryOptions.PASSWORD, password);
		if (!given.hasOption(ConnectionFactoryOptions.CONNECT_TIMEOUT)) {
			options.option(ConnectionFactoryOptions.CONNECT_TIMEOUT, CONNECT_LIMIT);
		}
		options.option(MySqlConnectionFactoryProvider.CONNECTION_TIME_ZONE, "+00:00")
			.option(MySqlConnectionFactoryProvider.FORCE_CONNECTION_TIME_ZONE_TO_SESSION, true)
			.option(MySqlConnectionFactoryProvider.TCP_KEEP_ALIVE, true)
			.option(MySqlConnectionFactoryProvider.LOOP_RESOURCES, new WatchedSockets(TcpResources.get()))
			.option(MySqlConnectionFactoryProvider.RESOLVER, names(UnaryOperator.identity()))
			.option(MySqlConnectionFactoryProvider.SESSION_VARIABLES,
					new String[] { "lock_wait_timeout=" + LOCK_LIMIT, "innodb_lock_wait_timeout=" + LOCK_LIMIT })
			.option(MySqlConnectionFactoryProvider.QUERY_CACHE_SIZE, QUERY_CACHE);
		return ConnectionFactories.get(options.build());
	}

	/**
	 * Returns a resolver that asks for the server's address again at a new connection,
	 * unless it asked within {@link #NAME_LIMIT}. By default an answer may be used for
	 * hours.
	 * @param change changes the settings of the resolver
	 */
	static AddressResolverGroup<?> names(UnaryOperator<DnsNameResolverBuilder> change) {
		return NameResolverProvider.builder()
			.cacheMaxTimeToLive(NAME_LIMIT)
			.cacheNegativeTimeToLive(Duration.ZERO)
			.dnsAddressResolverGroupProvider((builder) -> new DnsAddressResolverGroup(change.apply(builder)))
			.build()
			.newNameResolverGroup(TcpResources.get(), LoopResources.DEFAULT_NATIVE);
	}

	private static void option(ConnectionFactoryOptions.Builder options, Option<? super String> option,
			@Nullable String value) {
		if (value != null) {
			options.option(option, value);
		}
	}

	/**
	 * Makes a pool of connections. Only the wait for a free connection has a limit in the
	 * pool: a limit on opening or testing a connection would abandon the connection
	 * halfway. The pool never lends a closed connection.
	 */
	public static DirectoryPool pool(ConnectionFactory connections, int size, TimeSource time, Chance chance) {
		ConnectionLives lives = new ConnectionLives(time, chance);
		return new DirectoryPool(ConnectionPoolConfiguration.builder(connections)
			.clock(lives.clock())
			.initialSize(0)
			.maxSize(size)
			.maxAcquireTime(ACQUIRE_LIMIT)
			.backgroundEvictionInterval(ConnectionLives.LONGEST_IDLE)
			.acquireRetry(0)
			.validationDepth(ValidationDepth.LOCAL)
			.customizer((pool) -> pool
				.evictionPredicate((connection, use) -> lives.isOver(connection, use) || !isOpen(connection)))
			.build(), lives);
	}

	/**
	 * Whether a connection is open as far as the driver knows. The server is not asked,
	 * so the answer is there at once.
	 */
	private static boolean isOpen(Connection connection) {
		AtomicBoolean open = new AtomicBoolean();
		Mono.from(connection.validate(ValidationDepth.LOCAL)).onErrorComplete().subscribe(open::set);
		return open.get();
	}

	public static boolean isEmbedded(ConnectionFactory connections) {
		return connections.getMetadata().getName().equals("H2");
	}

}
