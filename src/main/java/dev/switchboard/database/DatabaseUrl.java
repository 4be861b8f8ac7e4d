package dev.switchboard.database;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.switchboard.problem.SettingsRefusedException;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;

/**
 * Checks {@code spring.r2dbc.url}. Messages never show the whole URL, since it may have a
 * password.
 */
final class DatabaseUrl {

	private static final String DRIVER = "mysql";

	private static final String FORM = "r2dbc:mysql://HOST:3306/DATABASE";

	private static final Pattern SCHEME = Pattern.compile("^((?:[A-Za-z0-9]+:)+)");

	/**
	 * The form of a URL whose host, port and database can be told apart from a password.
	 */
	private static final Pattern PLACE = Pattern
		.compile("^(?:[a-z0-9]+:)+//(?:[^/?#]*@)?([A-Za-z0-9._-]+(?::[0-9]+)?/[A-Za-z0-9_$-]+)(?:[?#].*)?$");

	private DatabaseUrl() {
	}

	/**
	 * Reads a URL.
	 * @throws SettingsRefusedException if it does not name a database of MySQL or MariaDB
	 */
	static ConnectionFactoryOptions parse(String url) {
		if (!url.startsWith("r2dbc:") && !url.startsWith("r2dbcs:")) {
			throw refused("begins with " + scheme(url) + ", not with r2dbc:mysql:", url);
		}
		ConnectionFactoryOptions options = read(url);
		if (!DRIVER.equals(options.getValue(ConnectionFactoryOptions.DRIVER))) {
			throw refused("names no database of MySQL or MariaDB: both are written r2dbc:mysql:", url);
		}
		require(options, ConnectionFactoryOptions.HOST, "host", url);
		require(options, ConnectionFactoryOptions.DATABASE, "database", url);
		return options;
	}

	private static ConnectionFactoryOptions read(String url) {
		try {
			return ConnectionFactoryOptions.parse(url);
		}
		catch (IllegalArgumentException ex) {
			throw refused("cannot be read", url);
		}
	}

	private static void require(ConnectionFactoryOptions options, Option<String> part, String name, String url) {
		Object value = options.getValue(part);
		if (value == null || value.toString().isEmpty()) {
			throw refused("names no " + name, url);
		}
	}

	/**
	 * Returns the exception for a URL that has, after the question mark, an option that
	 * the driver does not accept.
	 */
	static SettingsRefusedException badOption(String url) {
		return refused("has an option that the driver refuses", url);
	}

	private static String scheme(String url) {
		Matcher scheme = SCHEME.matcher(url);
		return scheme.find() ? scheme.group(1) : "no scheme";
	}

	private static SettingsRefusedException refused(String fault, String url) {
		Matcher place = PLACE.matcher(url);
		String written = place.matches() ? "r2dbc:mysql://" + place.group(1) : FORM;
		return new SettingsRefusedException("spring.r2dbc.url " + fault,
				"Write it as " + written + ", and set spring.r2dbc.username and spring.r2dbc.password.");
	}

}
