package dev.switchboard.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Blob;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Row;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A database in which all statements run in one session, by a clock that the test sets,
 * and in one transaction, which the test rolls back. So a test that needs an empty
 * database thousands of times makes one. One thread may use it.
 */
public final class SteppedSession implements AutoCloseable {

	/**
	 * The clock's step, in microseconds. Servers keep a time that was set as a binary
	 * fraction, and this one is exact.
	 */
	public static final long STEP = 1_000_000 / 64;

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final DatabasePlace PLACE = new DatabasePlace("the test's server", "test", "root");

	private final Connection connection;

	private final boolean embedded;

	private final List<String> tables;

	private final Database database;

	private SteppedSession(ConnectionFactory connections) {
		get(Migrations.run(connections).thenReturn(true));
		this.embedded = DatabaseConnections.isEmbedded(connections);
		this.connection = get(connections.create());
		if (this.embedded) {
			run("SET BUILTIN_ALIAS_OVERRIDE TRUE");
			run("CREATE ALIAS NOW FOR '" + H2Clock.class.getName() + ".now'");
		}
		this.tables = tables();
		ConnectionFactory session = new OneSession(connections.getMetadata(), unclosed(this.connection));
		this.database = new Database(pool(session), pool(session), pool(session), PLACE, Schedulers.immediate(),
				new DatabaseMetrics(new SimpleMeterRegistry(), TimeSource.SYSTEM), TimeSource.SYSTEM, Chance.SYSTEM);
		this.database.afterPropertiesSet();
	}

	/** Opens a session of a new database with all tables. */
	public static SteppedSession of(TestDatabase kind) {
		return new SteppedSession(kind.create());
	}

	private static DirectoryPool pool(ConnectionFactory session) {
		return DatabaseConnections.pool(session, 1, TimeSource.SYSTEM, Chance.SYSTEM);
	}

	/**
	 * Lists the tables, except those of the event log: their rows have numbers that the
	 * database draws, and are not rolled back. The row of tenant_changes has the time at
	 * which the database was made.
	 */
	private List<String> tables() {
		String schema = this.embedded ? "'PUBLIC'" : "DATABASE()";
		return get(Sql.select(this.connection,
				"SELECT table_name AS t FROM information_schema.tables WHERE table_schema = " + schema
						+ " AND table_name NOT LIKE 'schema_version%' AND table_name NOT LIKE 'SCHEMA_VERSION%'"
						+ " AND LOWER(table_name) NOT LIKE 'event_%' AND LOWER(table_name) <> 'tenant_changes'",
				(row) -> String.valueOf(row.get("t", String.class)).toLowerCase(Locale.ROOT)));
	}

	/** Returns the database, all of whose statements run in this session. */
	public Database database() {
		return this.database;
	}

	/** Begins the transaction. The tables are empty. */
	public void begin() {
		get(Mono.from(this.connection.beginTransaction()).thenReturn(true));
	}

	/** Empties the tables. */
	public void rollBack() {
		get(Mono.from(this.connection.rollbackTransaction()).thenReturn(true));
	}

	/**
	 * Sets the clock of the database.
	 * @param micros the time in microseconds since 1970, a multiple of {@link #STEP}
	 */
	public void setClock(long micros) {
		if (this.embedded) {
			H2Clock.set(micros);
		}
		else {
			run("SET timestamp = " + BigDecimal.valueOf(micros, 6).toPlainString());
		}
	}

	private void run(String sql) {
		get(Sql.update(this.connection, sql));
	}

	/** Returns the rows of each table, in an order that all databases share. */
	public Map<String, List<String>> rows() {
		return this.tables.stream().collect(Collectors.toMap((table) -> table, this::rows, (a, _) -> a, TreeMap::new));
	}

	private List<String> rows(String table) {
		return get(Sql.select(this.connection, "SELECT * FROM " + table, SteppedSession::text)).stream()
			.sorted()
			.toList();
	}

	private static String text(Readable row) {
		Map<String, String> values = new TreeMap<>();
		((Row) row).getMetadata()
			.getColumnMetadatas()
			.forEach(
					(column) -> values.put(column.getName().toLowerCase(Locale.ROOT), text(row.get(column.getName()))));
		return values.toString();
	}

	private static String text(@Nullable Object value) {
		return switch (value) {
			case null -> "null";
			case byte[] bytes -> text(bytes);
			case ByteBuffer buffer -> text(bytes(buffer));
			case Blob blob -> text(bytes(get(blob.stream())));
			case Number number -> number.toString();
			default -> "'" + value + "'";
		};
	}

	private static String text(byte[] bytes) {
		boolean plain = new String(bytes, StandardCharsets.ISO_8859_1).chars().allMatch((c) -> c >= ' ' && c <= '~');
		return plain ? "b'" + new String(bytes, StandardCharsets.US_ASCII) + "'"
				: "x" + HexFormat.of().formatHex(bytes);
	}

	private static byte[] bytes(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.remaining()];
		buffer.get(bytes);
		return bytes;
	}

	private static <T> T get(Publisher<? extends T> value) {
		return Objects.requireNonNull(Mono.<T>from(value).block(LIMIT), "nothing came");
	}

	@Override
	public void close() {
		this.database.destroy();
		Mono.from(this.connection.close()).block(LIMIT);
	}

	/** Returns the connection without the effect of {@link Connection#close}. */
	private static Connection unclosed(Connection connection) {
		return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (_, method, arguments) -> {
					if (method.getName().equals("close")) {
						return Mono.empty();
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	private record OneSession(ConnectionFactoryMetadata metadata, Connection session) implements ConnectionFactory {

		@Override
		public Mono<Connection> create() {
			return Mono.just(this.session);
		}

		@Override
		public ConnectionFactoryMetadata getMetadata() {
			return this.metadata;
		}

	}

}
