package dev.switchboard.start;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.switchboard.problem.SettingsRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Refuses to start with an unknown {@code switchboard.*} setting, wherever it is written,
 * or with an option of the command line that is no setting, but is similar to one or has
 * no dot in its name. Spring would ignore such a setting, and the node would run with a
 * default without its operator's knowledge.
 */
final class UnknownSettings implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

	private static final Logger logger = LoggerFactory.getLogger(UnknownSettings.class);

	private static final String PREFIX = "switchboard";

	private static final Pattern OUR_VARIABLE = Pattern.compile("SWITCHBOARD_[A-Z0-9_]+");

	/**
	 * Variables that Kubernetes and Docker set in every container. For a service whose
	 * name begins with {@code switchboard}, they begin like our own variables.
	 */
	private static final Pattern SERVICE_LINK = Pattern
		.compile(".+_SERVICE_(HOST|PORT(_\\w+)?)|.+_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");

	private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.+");

	private final SettingNames names;

	UnknownSettings() {
		this(SettingNames.read());
	}

	UnknownSettings(SettingNames names) {
		this.names = names;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		check(context.getEnvironment());
	}

	/**
	 * @throws SettingsRefusedException if there is an unknown setting
	 */
	void check(ConfigurableEnvironment environment) {
		if (this.names.under(PREFIX).isEmpty()) {
			return; // The build had no annotation processor, as in some editors.
		}
		List<String> unknown = new ArrayList<>();
		for (PropertySource<?> source : environment.getPropertySources()) {
			if (source instanceof EnumerablePropertySource<?> names) {
				Arrays.stream(names.getPropertyNames())
					.sorted()
					.map((name) -> unknown(name, names))
					.flatMap(Optional::stream)
					.forEach(unknown::add);
			}
		}
		if (!unknown.isEmpty()) {
			throw new SettingsRefusedException(String.join(" ", unknown),
					"Correct it or remove it; docs/operating.md and --help say where the settings are listed.");
		}
	}

	private Optional<String> unknown(String name, EnumerablePropertySource<?> source) {
		if (source instanceof SystemEnvironmentPropertySource) {
			return OUR_VARIABLE.matcher(name).matches() ? unknownVariable(name, source) : Optional.empty();
		}
		boolean ours = name.toLowerCase(Locale.ROOT).startsWith(PREFIX + ".");
		if (!(ours || source instanceof CommandLinePropertySource) || this.names.isKnown(name)) {
			return Optional.empty();
		}
		Optional<String> nearest = this.names.nearest(name);
		if (ours && nearest.isEmpty() && isOthers(name, source)) {
			return Optional.empty();
		}
		return (ours || nearest.isPresent() || !name.contains(".")) ? Optional.of(sentence(name, nearest, source))
				: Optional.empty();
	}

	/**
	 * Returns the message for an environment variable that is unknown. A variable that is
	 * similar to none of ours may belong to another program, such as a script. So such a
	 * variable causes only a warning, unless its name begins with one of our groups of
	 * settings, such as {@code SWITCHBOARD_AGENT_}.
	 */
	private Optional<String> unknownVariable(String name, EnumerablePropertySource<?> source) {
		if (this.names.isKnownVariable(name) || isServiceLink(name, source)) {
			return Optional.empty();
		}
		Optional<String> nearest = this.names.nearestVariable(name);
		if (nearest.isPresent() || isBelowOurGroup(name)) {
			return Optional.of(sentence(name, nearest, source));
		}
		logger.warn("The environment variable {} is no setting of Switchboard's", name);
		return Optional.empty();
	}

	/**
	 * Whether a name may belong to other programs. System properties of tests and tools
	 * may also begin like ours.
	 */
	private boolean isOthers(String name, PropertySource<?> source) {
		return StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME.equals(source.getName())
				&& !isBelowOurGroup(name.replace('.', '_').toUpperCase(Locale.ROOT));
	}

	private static boolean isServiceLink(String name, PropertySource<?> source) {
		return SERVICE_LINK.matcher(name).matches()
				|| (name.endsWith("_PORT") && SERVICE_URL.matcher(String.valueOf(source.getProperty(name))).matches());
	}

	private boolean isBelowOurGroup(String variable) {
		return this.names.under(PREFIX)
			.stream()
			.map((name) -> name.substring(0, name.indexOf('.', PREFIX.length() + 1) + 1))
			.anyMatch((group) -> !group.isEmpty()
					&& variable.startsWith(group.replace('.', '_').toUpperCase(Locale.ROOT)));
	}

	private static String sentence(String name, Optional<String> nearest, PropertySource<?> source) {
		return "There is no setting " + name + " (" + place(source) + ")"
				+ nearest.map((known) -> ": did you mean " + known + "?").orElse(".");
	}

	private static String place(PropertySource<?> source) {
		return switch (source) {
			case CommandLinePropertySource<?> _ -> "on the command line";
			case SystemEnvironmentPropertySource _ -> "in the environment";
			default -> "in " + source.getName();
		};
	}

}
