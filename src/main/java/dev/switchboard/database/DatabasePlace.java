package dev.switchboard.database;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import io.r2dbc.spi.R2dbcException;

/**
 * Where the database is, and as which user this node connects, in the operator's terms.
 *
 * @param address the host and port of the server
 * @param database the name of the database
 * @param user the user as which this node connects
 */
public record DatabasePlace(String address, String database, String user) {

	/** The place of a database in this process's memory. */
	public static final DatabasePlace EMBEDDED = new DatabasePlace("this process", "the embedded database", "itself");

	private static final int PORT = 3306;

	static DatabasePlace of(ConnectionFactoryOptions options) {
		return new DatabasePlace(
				text(options, ConnectionFactoryOptions.HOST, "") + ":"
						+ text(options, ConnectionFactoryOptions.PORT, PORT),
				text(options, ConnectionFactoryOptions.DATABASE, ""),
				text(options, ConnectionFactoryOptions.USER, "(none)"));
	}

	private static String text(ConnectionFactoryOptions options, Option<?> option, Object otherwise) {
		Object value = options.getValue(option);
		return ((value != null) ? value : otherwise).toString();
	}

	/**
	 * Says in one line why the database cannot be used, and which setting may be wrong.
	 * The line never has a password, because neither servers nor the driver repeat it in
	 * their messages.
	 */
	String explain(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
			.map(this::reason)
			.filter((reason) -> !reason.isEmpty())
			.findFirst()
			.orElseGet(() -> this.address + " does not answer as a database does: " + firstLine(failure.toString()));
	}

	/**
	 * Returns the reason that one failure of a chain gives. It is empty if the failure
	 * gives none; then the failure's cause is looked at.
	 */
	private String reason(Throwable failure) {
		return switch (failure) {
			case R2dbcException error when error.getErrorCode() > 0 -> refusal(error);
			case R2dbcException error when error.getCause() == null ->
				this.address + " ends the connection: " + firstLine(message(failure));
			case UnknownHostException _ ->
				"no host has the name in " + this.address + " (spring.r2dbc.url): " + firstLine(message(failure));
			case NoRouteToHostException _ -> "there is no way to " + this.address + " (spring.r2dbc.url)";
			case ConnectException _ when message(failure).contains("timed out") -> silent();
			case ConnectException _ -> "nothing listens at " + this.address + " (spring.r2dbc.url)";
			case SSLException _ -> "TLS with " + this.address + " fails: " + firstLine(message(failure));
			case SocketException _ -> this.address + " ends the connection: " + firstLine(message(failure));
			case TimeoutException _ -> silent();
			default -> "";
		};
	}

	private String silent() {
		return this.address + " does not answer (spring.r2dbc.url)";
	}

	private String refusal(R2dbcException error) {
		String said = firstLine(message(error));
		return switch (error.getErrorCode()) {
			case 1045, 1698 -> this.address + " does not let in the user " + this.user
					+ ": wrong name or password (spring.r2dbc.username, spring.r2dbc.password): " + said;
			case 1044 -> "the user " + this.user + " has no right to the database " + this.database + " at "
					+ this.address + ": " + said;
			case 1046, 1049 -> this.address + " has no database " + this.database + " (spring.r2dbc.url): " + said;
			case 1142, 1143, 1227, 1370 ->
				"the user " + this.user + " lacks a right in the database " + this.database + ": " + said;
			case 1129, 1130 -> this.address + " does not let this machine connect: " + said;
			case 1040, 1203, 1226 -> this.address + " has as many connections as it allows: " + said;
			default -> this.address + " answers with error " + error.getErrorCode() + ": " + said;
		};
	}

	private static String message(Throwable failure) {
		return String.valueOf(failure.getMessage());
	}

	/**
	 * Returns the first line of a message. A driver may add the statement in further
	 * lines.
	 */
	static String firstLine(String text) {
		return text.lines().findFirst().orElse("");
	}

}
