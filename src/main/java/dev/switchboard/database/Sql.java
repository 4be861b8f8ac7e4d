package dev.switchboard.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Helps with SQL that MySQL, MariaDB and H2 understand: runs statements, and turns values
 * into columns and back.
 */
public final class Sql {

	/**
	 * The SQL expression for the database's time in microseconds since 1970. It is right
	 * because sessions are in UTC.
	 */
	public static final String CLOCK = "TIMESTAMPDIFF(MICROSECOND, TIMESTAMP '1970-01-01 00:00:00', NOW(6))";

	private Sql() {
	}

	/**
	 * Returns a statement in one line and without comments. A comment goes from {@code
	 * --} to the end of its line.
	 */
	public static String compact(String text) {
		return text.replaceAll("--[^\\n]*", "").replaceAll("\\s+", " ").stripTrailing();
	}

	/** Returns the item as often as the count says, separated by commas. */
	public static String list(String item, int count) {
		return String.join(", ", Collections.nCopies(count, item));
	}

	/** Runs a statement that changes rows, and returns how many rows it changed. */
	public static Mono<Long> update(Connection connection, String sql, @Nullable Object... arguments) {
		return Flux.defer(() -> bind(connection.createStatement(sql), arguments).execute())
			.concatMap(Result::getRowsUpdated)
			.reduce(0L, Long::sum);
	}

	/** Runs a query and reads its rows. */
	public static <T> Mono<List<T>> select(Connection connection, String sql, Function<Readable, T> reader,
			@Nullable Object... arguments) {
		return Flux.defer(() -> bind(connection.createStatement(sql), arguments).execute())
			.concatMap((result) -> result.map(reader))
			.collectList();
	}

	private static Statement bind(Statement statement, @Nullable Object... arguments) {
		for (int i = 0; i < arguments.length; i++) {
			Object argument = arguments[i];
			if (argument == null) {
				statement.bindNull(i, byte[].class);
			}
			else {
				statement.bind(i, (argument instanceof UUID id) ? bytes(id) : argument);
			}
		}
		return statement;
	}

	/**
	 * Returns bytes as hexadecimal digits, as the function HEX of MySQL does. H2 has no
	 * such function, and calls this method.
	 */
	public static @Nullable String hex(byte @Nullable [] bytes) {
		return (bytes != null) ? HexFormat.of().withUpperCase().formatHex(bytes) : null;
	}

	public static byte[] bytes(UUID id) {
		return ByteBuffer.allocate(16)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
	}

	/**
	 * Returns an identifier as bytes. The database stores and compares it in this form.
	 */
	public static byte[] bytes(String id) {
		return id.getBytes(StandardCharsets.UTF_8);
	}

	public static byte[] binary(Readable row, String column) {
		return require(row.get(column, byte[].class), column);
	}

	/** Reads a long value; null if there is none. */
	public static byte @Nullable [] blob(Readable row, String column) {
		// H2 returns a BLOB as a buffer only.
		ByteBuffer value = row.get(column, ByteBuffer.class);
		if (value == null) {
			return null;
		}
		byte[] bytes = new byte[value.remaining()];
		value.get(bytes);
		return bytes;
	}

	public static UUID uuid(Readable row, String column) {
		return uuid(binary(row, column));
	}

	public static UUID uuid(byte[] bytes) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		return new UUID(buffer.getLong(), buffer.getLong());
	}

	/** Reads an identifier, which is stored as bytes. */
	public static String identifier(Readable row, String column) {
		return text(binary(row, column));
	}

	public static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	public static long number(Readable row, String column) {
		return require(row.get(column, Long.class), column);
	}

	public static int integer(Readable row, String column) {
		return require(row.get(column, Integer.class), column);
	}

	/** Reads a time, which is stored in microseconds since 1970. */
	public static Instant instant(Readable row, String column) {
		return instant(number(row, column));
	}

	public static Instant instant(long micros) {
		return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
	}

	public static long micros(Instant instant) {
		return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
	}

	private static <T> T require(@Nullable T value, String column) {
		if (value == null) {
			throw new IllegalStateException("no value in column " + column);
		}
		return value;
	}

}
